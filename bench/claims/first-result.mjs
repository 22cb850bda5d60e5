// A stream of calls: when its first result is there, and when its last.

import { startBusy } from '../busy.mjs'
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
  const busy = startBusy(workers)
  const rows = started.map(({ name }) => ({ name, first: [], alone: [], all: [] }))
  const time = (contender) => contender.time({ method: 'digest', list, isSerial: true })
  for (const contender of started) await time(contender)
  for (let run = 0; run < runs; run++) {
    for (const i of rotated([...rows.keys()], run)) {
      const { sum } = await busy.time(list)
      const { ms, first, serial } = await time(started[i])
      rows[i].first.push((first / sum) * calls)
      rows[i].alone.push((first / serial) * calls)
      rows[i].all.push((ms / sum) * calls)
    }
  }
  return { workers, runs, calls, rows }
}

export function show({ workers, runs, calls, rows }) {
  return {
    note: `${calls} calls of 10 ms at once on ${workers} workers: when the result of the first call is there, and when all are, in calls' time (all: ${calls / workers} at best). A call's time is what it takes while every processor is at work; in brackets what it takes alone. Medians of ${runs}.`,
    rows: rows.map(({ name, first, alone, all }) => ({
      what: name,
      'first result': `${median(first).toFixed(2)} (${median(alone).toFixed(2)})`,
      all: median(all).toFixed(2),
    })),
    figures: [
      {
        what: 'first result of a stream of 10 ms calls',
        budget: "≤ 1.5 calls' time",
        figure: `after ${median(rows[0].first).toFixed(2)} async, ${median(rows[1].first).toFixed(2)} blocking`,
        isMet: rows.slice(0, 2).every(({ first }) => median(first) <= 1.5),
      },
    ],
  }
}
