// Calls of very different lengths: how close the whole comes to the shortest time that is possible.

import { digest } from '../../build/bench/work.js'
import { startBusy } from '../busy.mjs'
import { groups } from '../charts.mjs'
import { contenders, files, rotated, runsOf, startAll, workers } from '../contenders.mjs'
import { others } from '../others.mjs'
import { calibrated, median } from '../timing.mjs'

export const title = 'Calls of uneven length'

const orders = ['ascending', 'descending', 'shuffled']
const shape = 1.1
const shortest = 10
const longest = 50_000

export async function measure(quick) {
  const runs = quick ? 1 : 9
  const calls = quick ? 300 : 5000
  const bytesFor = calibrated()
  const ascending = paretoLengths(calls).map(bytesFor)
  const lists = { ascending, descending: ascending.toReversed(), shuffled: shuffled(ascending) }
  const started = await startAll()
  const busy = startBusy(workers)
  const ratios = {}
  for (const order of orders) {
    const list = lists[order]
    const expected = list.map(digest)
    const time = (contender) => contender.time({ method: 'digest', list, expected })
    for (const contender of started.filter(({ isSlow }) => !isSlow))
      for (let run = 0; run < (quick || !contender.isFast ? 1 : 8); run++) await time(contender)
    for (let run = 0; run < runs; run++) {
      for (const contender of rotated(started, run)) {
        if (run >= runsOf(contender, runs)) continue
        const { sum, longest } = await busy.time(list)
        const bound = Math.max(sum / workers, longest)
        const { ms } = await time(contender)
        ratios[contender.file] ??= {}
        ratios[contender.file][order] ??= []
        ratios[contender.file][order].push(ms / bound)
      }
    }
  }
  return { workers, runs, calls, ratios }
}

/** Lengths in µs, evenly spaced in probability: the same distribution in every run. */
function paretoLengths(calls) {
  const cut = 1 - (shortest / longest) ** shape
  return Array.from({ length: calls }, (_, i) => shortest * (1 - ((i + 0.5) / calls) * cut) ** (-1 / shape))
}

/** Always in the same way. */
function shuffled(list) {
  const copy = [...list]
  let state = 1
  for (let i = copy.length - 1; i > 0; i--) {
    state = (state * 48_271) % 2_147_483_647
    const other = state % (i + 1)
    ;[copy[i], copy[other]] = [copy[other], copy[i]]
  }
  return copy
}

export function show({ workers, runs, calls, ratios }) {
  const of = (file, order) => median(ratios[file][order])
  const worst = (file) => Math.max(...orders.map((order) => of(file, order)))
  const own = worst('deco-ts')
  const blocking = worst('deco-ts-blocking')
  return {
    note: `Total time over its lower bound, max(sum ÷ ${workers} workers, longest call): ${calls.toLocaleString('en')} calls, their lengths Pareto-distributed (shape ${shape}, 10 µs to 50 ms). What the calls take is measured anew before each run, with every processor at work: two share a core here, and neither is then as fast as alone. Medians of ${runs}.`,
    rows: files.map((file) => ({
      what: contenders[file].name,
      ...Object.fromEntries(orders.map((order) => [order, of(file, order).toFixed(2)])),
    })),
    chart: groups({
      title: 'Calls of uneven length, 10 µs to 50 ms',
      unit: 'total time over the shortest possible, logarithmic, 1 is ideal',
      from: 1,
      groups: orders,
      rows: files.map((file) => ({
        file,
        name: contenders[file].name,
        values: orders.map((order) => of(file, order)),
      })),
    }),
    figures: [
      {
        what: 'calls of Pareto-distributed length: total time over the lower bound, the worst of three orders',
        budget: '≤ 1.10',
        figure: `${own.toFixed(2)} async, ${blocking.toFixed(2)} blocking`,
        isMet: own <= 1.1 && blocking <= 1.1,
        peers: others(
          files.map((file) => ({ file, name: contenders[file].name, value: worst(file) })),
          (value) => value.toFixed(2),
        ),
      },
    ],
  }
}
