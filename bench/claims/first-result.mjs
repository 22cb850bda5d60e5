// A stream of calls: when its first result is there, and when its last.

import { digest } from '../../build/bench/work.js'
import { rotated, startAll, workers } from '../contenders.mjs'
import { calibrated, check, median, timed } from '../timing.mjs'

export const title = 'The first result of a stream'

const us = 10_000

export async function measure(quick) {
  const runs = quick ? 1 : 5
  const calls = quick ? 4 : 40
  const bytes = calibrated()(us)
  const list = Array.from({ length: calls }, (_, i) => bytes + i)
  const expected = list.map(digest)
  const started = await startAll()
  const rows = started.map(({ name }) => ({ name, first: [], all: [] }))
  for (const contender of started) await contender.each('digest', list.slice(0, 4))
  for (let run = 0; run < runs; run++) {
    for (const i of rotated([...rows.keys()], run)) {
      const call = (await timed(() => list.map(digest))).ms / calls
      let first
      const { ms, result } = await timed(() => {
        const start = performance.now()
        return started[i].each('digest', list, () => {
          first ??= performance.now() - start
        })
      })
      check(started[i].name, [...result], expected)
      rows[i].first.push(first / call)
      rows[i].all.push(ms / call)
    }
  }
  return { workers, runs, calls, rows }
}

export function show({ workers, runs, calls, rows }) {
  return {
    note: `${calls} calls of 10 ms at once on ${workers} workers: when the result of the first call is there, and when all are, in calls' time (all: ${calls / workers} at best). Medians of ${runs}.`,
    rows: rows.map(({ name, first, all }) => ({
      what: name,
      'first result': median(first).toFixed(2),
      all: median(all).toFixed(2),
    })),
    figures: [
      {
        what: 'first result of a stream of 10 ms calls',
        figure: `after ${median(rows[0].first).toFixed(2)} calls' time`,
      },
    ],
  }
}
