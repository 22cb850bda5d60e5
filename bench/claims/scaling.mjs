// What the main thread pays for a call, a message and a byte; and from that, on a calculated machine, how many workers it can
// keep busy. The real scheduler and dispatcher run there, on virtual workers and virtual time.

import { Calls } from '../../build/bench/jobs/calls.js'
import { digest } from '../../build/bench/work.js'
import { runInPlace } from '../../build/test/helpers/run-in-place.js'
import { VirtualMachine } from '../../build/test/helpers/virtual-machine.js'
import { threads } from '../../dist/index.js'
import { curves } from '../charts.mjs'
import { start as startHalves } from '../contenders/halves-by-hand.mjs'
import { calibrated, median, timed } from '../timing.mjs'

export const title = 'How many workers one main thread can feed'

const fleet = [2, 4, 8, 16, 32, 64, 128, 256]
const lengths = [4, 17, 85, 300, 1000, 4000]
const compared = [4, 17, 85, 1000]

// In ms, as once measured on two cores.
const USUAL = { call: 0.0014, batch: 0.013, report: 0.009, wake: 0.23, run: 0.0003 }

export async function measure(quick) {
  const most = quick ? 1000 : 50_000
  // What a quick run measures is no machine that could be calculated.
  const costs = { ...measureCosts(quick), ...(quick && USUAL) }
  const predicted = fleet.map((workers) => lengths.map((us) => simulate(costs, workers, workers + 1, us, most)))
  const bytesFor = calibrated()
  const executor = threads({ workers: 2 })
  const halves = startHalves(2)
  const checks = []
  for (const us of compared) {
    const { processors: found, measured } = await measureSpeedUp(executor, halves, us, bytesFor(us), quick)
    // One round of a few calls may be anything, and less than one processor is none that could be calculated.
    const processors = quick ? 2 : Math.max(1, found)
    checks.push({ us, processors, predicted: simulate(costs, 2, processors, us, most), measured })
  }
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
  const [small, large] = [32, 1024]
  const [many, few] = [small, large].map((batch) => perCall(threads({ workers: 2, batch })))
  const message = Math.max(0.005, (many - few) / (1 / small - 1 / large))
  // Workers that have nothing to do keep up: what is left is the main thread's.
  const call = Math.max(0.0001, few - message / large)
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

function simulate(costs, workers, processors, us, most = 50_000) {
  const calls = Math.min(most, Math.max(500, Math.ceil((100_000 * workers) / us)))
  const executor = new VirtualMachine({ workers, processors, costs, duration: () => us / 1000 })
  new Calls({ executor }).eachBlocking(
    'nothing',
    Array.from({ length: calls }, (_, n) => n),
  )
  return (calls * us) / 1000 / executor.now
}

// Two processors are not twice as fast as one where they share a core, its caches, or the machine with others. How many they
// are worth shows in two plain workers, each of which runs half of the list in one go: no library could do better.
async function measureSpeedUp(executor, halves, us, bytes, quick) {
  const calls = quick ? 64 : 2 * Math.ceil(100_000 / us)
  const list = Array(calls).fill(bytes)
  const rounds = []
  for (let round = 0; round < (quick ? 1 : 15); round++) {
    const serial = (await timed(() => list.map(digest))).ms
    const plain = (await timed(() => halves.each('digest', list))).ms
    const own = (await timed(() => new Calls({ executor }).eachBlocking('digest', list))).ms
    rounds.push({ processors: serial / plain, measured: serial / own })
  }
  const late = rounds.slice(rounds.length >> 2)
  return {
    processors: median(late.map(({ processors }) => processors)),
    measured: median(late.map(({ measured }) => measured)),
  }
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
        note: 'The same calculation for 2 workers on the 2 processors of this machine, where the main thread takes its time from theirs, beside what was measured. Two processors are worth as many as two plain workers show that run half of the list each, in one go:',
        rows: checks.map(({ us, processors, predicted, measured }) => ({
          'length of a call': said(us),
          processors: processors.toFixed(2),
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
