import type { RecordedCall, Trace } from './trace.js'

/** A stretch of time in which a worker ran a call, and what it was good for. */
export interface Run {
  readonly worker: number
  readonly began: number
  readonly ended: number
  /** Its result counted; or it was in vain, as its snapshot was stale; or as an earlier call had failed. */
  readonly use: 'used' | 'stale' | 'dropped'
  readonly call: RecordedCall
}

/** What every worker ran, in the order of time, and never two calls at once: what overlaps is the earlier one's. */
export function runsOf({ calls }: Pick<Trace, 'calls'>): Map<number, Run[]> {
  const runs = new Map<number, Run[]>()
  const add = (run: Run) => {
    const list = runs.get(run.worker)
    if (list === undefined) runs.set(run.worker, [run])
    else list.push(run)
  }
  for (const call of calls) {
    const { worker, began, ended, outcome } = call
    for (const run of call.stale) add({ ...run, use: 'stale', call })
    if (worker !== null && began !== null && ended !== null)
      add({ worker, began, ended, use: outcome === 'dropped' ? 'dropped' : 'used', call })
  }
  for (const [worker, list] of runs) runs.set(worker, apart(list))
  return runs
}

// Asynchronous methods can overlap, on the program's own thread.
function apart(runs: Run[]): Run[] {
  runs.sort((a, b) => a.began - b.began || a.ended - b.ended)
  let until = Number.NEGATIVE_INFINITY
  return runs.map((run) => {
    const began = Math.max(run.began, until)
    until = Math.max(until, run.ended)
    return began === run.began ? run : { ...run, began, ended: Math.max(began, run.ended) }
  })
}
