import type { PageData } from '../src/trace/page-data.js'
import { Spans } from './spans.js'

/** How a span is drawn: a run that counted, failed, was dropped, or was in vain; and what the program's thread did. */
export const KIND = { used: 0, failed: 1, dropped: 2, stale: 3, making: 4, commit: 5 } as const

/** A row of the picture. */
export interface Row {
  readonly name: string
  readonly spans: Spans
  /** A worker's number. */
  readonly worker?: number
  /** When it was there, and when it could run calls. */
  readonly started: number
  readonly ready: number
  readonly over: number
}

/** A recorded run as the page draws it. Times are in ms, and lists have a number for each call. */
export interface Picture {
  readonly data: PageData
  readonly made: Float64Array
  /** The same times in their own order, and when calls were over. */
  readonly madeSorted: Float64Array
  readonly overSorted: Float64Array
  readonly rows: readonly Row[]
  /** The rows of workers. */
  readonly workers: readonly Row[]
  /** The batches by worker and number. */
  readonly batches: ReadonlyMap<string, number>
  readonly errors: ReadonlyMap<number, string>
  readonly inputs: ReadonlyMap<number, readonly number[]>
  readonly from: number
  readonly to: number
}

export function pictureOf(data: PageData): Picture {
  const { ticks, calls, batches, commits } = data
  const count = calls.made.length
  const made = new Float64Array(count)
  let last = 0
  for (let i = 0; i < count; i++) {
    last += calls.made[i]!
    made[i] = last / ticks
  }
  const overSorted = Float64Array.from(calls.over, (over, i) => made[i]! + over / ticks).sort()
  const program = new Spans([
    ...calls.left.map((left, i) => ({ from: made[i]!, to: made[i]! + left / ticks, item: i, kind: KIND.making })),
    ...commits.began.map((began, i) => ({
      from: began / ticks,
      to: (began + commits.length[i]!) / ticks,
      item: i,
      kind: KIND.commit,
    })),
  ])
  const workers = rowsOfWorkers(data, made)
  const whole = { started: 0, ready: 0, over: data.length }
  // A worker that was there before is older than the picture.
  const from = Math.min(0, ...workers.map(({ spans }) => spans.from[0] ?? 0))
  return {
    data,
    made,
    madeSorted: made,
    overSorted,
    rows: [{ name: 'program', spans: program, ...whole }, ...workers],
    workers,
    batches: new Map(batches.worker.map((worker, i) => [`${worker} ${batches.number[i]}`, i])),
    errors: new Map(calls.errors),
    inputs: new Map(calls.inputs),
    from,
    to: Math.max(data.length, from + 1e-3, overSorted.at(-1) ?? 0),
  }
}

function rowsOfWorkers({ ticks, calls, workers, length }: PageData, made: Float64Array): Row[] {
  const lists = new Map<number, { from: number; to: number; item: number; kind: number }[]>()
  const add = (worker: number, from: number, to: number, item: number, kind: number) => {
    const span = { from, to, item, kind }
    const list = lists.get(worker)
    if (list === undefined) lists.set(worker, [span])
    else list.push(span)
  }
  for (let i = 0; i < made.length; i++) {
    const ran = calls.ran[i]!
    if (ran === -1) continue
    const from = made[i]! + calls.began[i]! / ticks
    add(calls.worker[i]!, from, from + ran / ticks, i, calls.outcome[i]!)
  }
  for (const [i, worker, began, ran] of calls.stale) add(worker, began / ticks, (began + ran) / ticks, i, KIND.stale)
  const known = new Map(workers.map((worker) => [worker.worker, worker]))
  return [...lists.keys()]
    .sort((a, b) => a - b)
    .map((worker) => {
      const spans = new Spans(lists.get(worker)!)
      const { started = 0, ready = null, over = null } = known.get(worker) ?? {}
      // The program may have heard late that it was ready.
      const first = spans.from[0]!
      return {
        name: worker === 0 ? 'in place' : `worker ${worker}`,
        spans,
        worker,
        started: Math.min(started, first),
        ready: Math.min(ready ?? first, first),
        over: over ?? length,
      }
    })
}
