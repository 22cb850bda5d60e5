// What the main thread pays for a call, a message and a byte; and from that, on a calculated machine, how many workers it can
// keep busy. The real scheduler and dispatcher run there, on virtual workers and virtual time.

import { Calls } from '../../build/bench/jobs.js'
import { digest } from '../../build/bench/work.js'
import { atOnce } from '../../build/src/specimen.js'
import { runInPlace } from '../../build/test/helpers/run-in-place.js'
import { VirtualMachine } from '../../build/test/helpers/virtual-machine.js'
import { threads } from '../../dist/index.js'
import { curves } from '../charts.mjs'
import { calibrated, median } from '../timing.mjs'

export const title = 'How many workers one main thread can feed'

const fleet = [2, 4, 8, 16, 32, 64, 128, 256]
const lengths = [4, 17, 85, 300, 1000, 4000]
const compared = [4, 17, 85, 1000]

export async function measure(quick) {
  const costs = measureCosts(quick)
  const predicted = fleet.map((workers) => lengths.map((us) => simulate(costs, workers, workers + 1, us)))
  const bytesFor = calibrated()
  const executor = threads({ workers: 2 })
  const checks = compared.map((us) => ({
    us,
    predicted: simulate(costs, 2, 2, us),
    measured: measureSpeedUp(executor, us, bytesFor(us), quick),
  }))
  return { costs, predicted, checks }
}

function measureCosts(quick) {
  const calls = quick ? 2000 : 100_000
  const numbers = Array.from({ length: calls }, (_, n) => n)
  const perCall = (executor, method = 'nothing', list = numbers) => {
    const times = Array.from({ length: quick ? 2 : 15 }, () => {
      const start = performance.now()
      new Calls({ executor }).eachBlocking(method, list)
      return (performance.now() - start) / list.length
    })
    return median(times.slice(times.length >> 1))
  }
  const call = perCall(atOnce)
  const [small, large] = [32, 1024]
  const [many, few] = [small, large].map((batch) => perCall(threads({ workers: 2, batch })))
  const message = Math.max(0.005, (many - few) / (1 / small - 1 / large))
  const one = threads({ workers: 1 })
  const roundTrip = perCall(one, 'nothing', numbers.slice(0, 1))
  const length = quick ? 10_000 : 1_000_000
  const copies = Array.from({ length: 8 }, (_, n) => new Float64Array(length).fill(n))
  const byte = perCall(one, 'last', copies) / (8 * length)
  return {
    call,
    // Sending a batch costs more than taking in its report; a message and its answer wake a thread each.
    batch: message * 0.6,
    report: message * 0.4,
    wake: roundTrip / 2,
    run: runInPlace(calls),
    byte,
  }
}

function simulate(costs, workers, processors, us) {
  const calls = Math.min(50_000, Math.max(500, Math.ceil((100_000 * workers) / us)))
  const executor = new VirtualMachine({ workers, processors, costs, duration: () => us / 1000 })
  new Calls({ executor }).eachBlocking(
    'nothing',
    Array.from({ length: calls }, (_, n) => n),
  )
  return (calls * us) / 1000 / executor.now
}

function measureSpeedUp(executor, us, bytes, quick) {
  const calls = quick ? 64 : Math.ceil(200_000 / us)
  const list = Array(calls).fill(bytes)
  const ratios = Array.from({ length: quick ? 1 : 9 }, () => {
    const start = performance.now()
    list.map(digest)
    const middle = performance.now()
    new Calls({ executor }).eachBlocking('digest', list)
    return (middle - start) / (performance.now() - middle)
  })
  return median(ratios.slice(ratios.length >> 1))
}

export function show({ costs, predicted, checks }) {
  const us = (ms) => `${(ms * 1000).toFixed(ms < 0.01 ? 2 : 0)} µs`
  const said = (length) => (length < 1000 ? `${length} µs` : `${length / 1000} ms`)
  const off = checks.map(({ predicted, measured }) => Math.round(Math.abs(predicted / measured - 1) * 100))
  const perWorker = (i, j) => `${predicted[i][j].toFixed(1)} (${Math.round((100 * predicted[i][j]) / fleet[i])} %)`
  return {
    note: `Predicted speed-up, and how busy the workers are, on machines with one processor more than workers. Measured here: the main thread pays ${us(costs.call)} a call and ${us(costs.batch + costs.report)} a batch with its report, and ${(costs.byte * 1e6).toFixed(2)} ns a byte of an argument that is new; a worker pays ${us(costs.wake)} to wake up and ${us(costs.run)} a call.`,
    rows: fleet.map((workers, i) => ({
      workers,
      ...Object.fromEntries(lengths.map((length, j) => [said(length), perWorker(i, j)])),
    })),
    more: [
      {
        note: 'The same calculation for 2 workers on the 2 processors of this machine, where the main thread takes its time from theirs, beside what was measured:',
        rows: checks.map(({ us, predicted, measured }) => ({
          'length of a call': said(us),
          predicted: predicted.toFixed(2),
          measured: measured.toFixed(2),
          off: `${Math.round((predicted / measured - 1) * 100)} %`,
        })),
      },
    ],
    figures: [
      {
        what: 'speed-up on 2 workers as the calculated machine predicts it: the farthest from what was measured',
        budget: 'within 10 %',
        figure: `${Math.max(...off)} %`,
        isMet: Math.max(...off) <= 10,
      },
    ],
    chart: curves({
      title: 'Predicted speed-up over the length of a call',
      x: { name: 'length of a call', values: lengths, said },
      y: { name: 'speed-up', max: 256, one: 'as fast as the serial loop' },
      lines: [16, 64, 256].map((workers) => ({
        file: 'deco-ts',
        name: `${workers} workers`,
        values: predicted[fleet.indexOf(workers)],
      })),
    }),
  }
}
