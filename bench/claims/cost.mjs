// What one call costs that does nothing.

import { dots } from '../charts.mjs'
import { rotated, startAll } from '../contenders.mjs'
import { others } from '../others.mjs'
import { median } from '../timing.mjs'

export const title = 'A call that does nothing'

export async function measure(quick) {
  const runs = quick ? 1 : 11
  const started = await startAll()
  const rows = []
  for (const contender of started) {
    // Costly calls need no more of them to be told from noise.
    const calls = quick ? 200 : contender.isSlow ? 500 : contender.isFast ? 100_000 : 10_000
    rows.push({ file: contender.file, name: contender.name, calls, us: [] })
  }
  const lists = rows.map(({ calls }) => Array.from({ length: calls }, (_, n) => n))
  const time = (i) => started[i].time({ method: 'nothing', list: lists[i], expected: lists[i] })
  for (const i of started.keys()) for (let run = 0; run < (quick ? 1 : 3); run++) await time(i)
  for (let run = 0; run < runs; run++) {
    for (const i of rotated([...rows.keys()], run)) {
      const { ms } = await time(i)
      rows[i].us.push((ms * 1000) / rows[i].calls)
    }
  }
  return { runs, rows }
}

export function show({ runs, rows }) {
  const costs = rows.map(({ file, name, us }) => ({ file, name, value: median(us) }))
  const [async, blocking] = costs.map(({ value }) => value)
  return {
    note: `A call passes a number and gives it back. Medians of ${runs} runs after three, in turns, each right after an eighth of its calls. deco-ts includes the Future and its commit into a TrackedMap.`,
    rows: rows.map(({ name, calls, us }) => ({
      what: name,
      calls,
      'µs a call': median(us).toFixed(2),
      'fastest run': Math.min(...us).toFixed(2),
      'slowest run': Math.max(...us).toFixed(2),
    })),
    chart: dots({
      title: 'Cost of a call that does nothing',
      unit: 'µs a call, logarithmic, less is better',
      rows: costs,
      said: (us) => `${us.toFixed(us < 10 ? 2 : 0)} µs`,
    }),
    figures: [
      {
        what: 'a call that does nothing; Future, commit into a TrackedMap included',
        budget: '≤ 0.8 µs',
        figure: `${async.toFixed(2)} µs async, ${blocking.toFixed(2)} µs blocking`,
        isMet: async <= 0.8 && blocking <= 0.8,
        peers: others(costs, (value) => `${value.toFixed(1)} µs`),
      },
    ],
  }
}
