// A stream of calls: when its first result is there, and when its last.

import { rotated, startAll, workers } from '../contenders.mjs'
import { calibrated, median } from '../timing.mjs'

export const title = 'The first result of a stream'

const us = 10_000

export async function measure(quick) {
  const runs = quick ? 1 : 5
  const calls = quick ? 4 : 40
  const bytes = calibrated()(us)
  const list = Array.from({ length: calls }, (_, i) => bytes + i)
  const started = await startAll()
  const rows = started.map(({ name }) => ({ name, first: [], all: [] }))
  const time = (contender) => contender.time({ method: 'digest', list, isSerial: true })
  for (const contender of started) await time(contender)
  for (let run = 0; run < runs; run++) {
    for (const i of rotated([...rows.keys()], run)) {
      const { ms, first, serial } = await time(started[i])
      rows[i].first.push((first / serial) * calls)
      rows[i].all.push((ms / serial) * calls)
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
