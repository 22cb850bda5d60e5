import { type Run, runsOf } from './runs.js'
import { sweep } from './sweep.js'
import type { RecordedCall, RecordedWorker, Trace } from './trace.js'

/** Where the time of workers goes that they do not spend on calls. */
export type Loss =
  /** The program did its own work between its calls, or before the next ones. */
  | 'producer'
  /** Calls were made, sent, taken in and committed. */
  | 'overhead'
  /** The last calls kept only some of the workers busy. */
  | 'imbalance'
  /** Calls ran in vain, or were held back, since others changed what they saw. */
  | 'conflicts'
  /** Calls waited for results of others that they were given. */
  | 'dependencies'
  /** Workers were not there yet. */
  | 'cold start'
  /** What calls are given, and what they return, was copied and sent. */
  | 'transfer'
  /** Calls ran that a serial run would not have come to. */
  | 'errors'

/** What became of the time of the workers, from the first call on to the end of the last one. Times are in ms. */
export interface Accounts {
  readonly workers: number
  readonly wall: number
  /** How long calls ran whose results counted. This and all losses are `workers` × `wall`. */
  readonly running: number
  readonly losses: Readonly<Record<Loss, number>>
}

// What it costs as a rule to send a byte, a call and a message, in ms: so is split what sending took altogether.
const BYTE = 1e-6
const CALL = 1e-3
const MESSAGE = 2e-2
// Copying is a part of making every call. What takes longer than this, in ms, is much that is copied.
const MUCH = 0.02

/** Where the workers' time went, to the last moment: each moment of each worker is counted once. */
export function accountsOf(trace: Trace): Accounts {
  const losses = { ...NONE }
  const { calls } = trace
  if (calls.length === 0) return { workers: 0, wall: 0, running: 0, losses }
  const runs = runsOf(trace)
  let start = Number.POSITIVE_INFINITY
  let end = Number.NEGATIVE_INFINITY
  for (const { made, over } of calls) {
    start = Math.min(start, made)
    end = Math.max(end, over)
  }
  const workers = numberOfWorkers(trace, runs)
  let running = 0
  let sending = 0
  const within = (time: number) => Math.min(Math.max(time, start), end)
  const counters = COUNTERS.map((): [number[], number[]] => [[], []])
  const count = (counter: Counter, from: number, to: number) => {
    if (within(to) <= within(from)) return
    const [rises, falls] = counters[PLACES[counter]]!
    rises.push(within(from))
    falls.push(within(to))
  }
  // So that every moment is looked at.
  count('all', start, end)
  for (const list of runs.values()) for (const { use, began, ended } of list) count(use, began, ended)
  for (const [from, to] of readyTimes(trace, runs)) count('ready', from, to)
  for (const call of calls) countCall(call, count)
  for (const [first, last, over] of phases(calls)) {
    count('producing', first, last)
    count('open', first, over)
  }
  for (const { began, ended } of trace.commits) count('busy', began, ended)

  sweep(counters, (from, to, counts) => {
    const of = (counter: Counter) => counts[PLACES[counter]]!
    const time = to - from
    const ran = of('used') + of('stale') + of('dropped')
    running += of('used') * time
    losses.conflicts += of('stale') * time
    losses.errors += of('dropped') * time
    let idle = Math.max(0, workers - ran)
    const take = (most: number) => {
      const taken = Math.min(idle, Math.max(0, most))
      idle -= taken
      return taken * time
    }
    // Who is named first is to blame first: what could run comes before what could not, and the rest no call could have used.
    const missing = Math.min(Math.max(0, workers - of('ready')), of('waiting'))
    losses['cold start'] += take(missing > 0 && ran === 0 ? idle : missing)
    if (of('copying') > 0) losses.transfer += take(idle)
    const isProgram = (of('producing') > 0 || of('open') === 0) && of('busy') === 0
    const sent = take(of('waiting') - missing)
    if (isProgram) losses.producer += sent
    else sending += sent
    losses.conflicts += take(of('redo') + of('held'))
    losses.dependencies += take(of('fed'))
    if (isProgram) losses.producer += take(idle)
    else if (of('producing') === 0 && ran > 0) losses.imbalance += take(idle)
    else sending += take(idle)
  })

  let bytes = 0
  for (const { bytesOut, bytesIn } of calls) bytes += bytesOut + bytesIn
  const data = BYTE * bytes
  const share = data / (data + CALL * calls.length + MESSAGE * trace.batches.length)
  losses.transfer += share * sending
  losses.overhead += sending - share * sending
  return { workers, wall: end - start, running, losses }
}

const NONE: Readonly<Record<Loss, number>> = {
  producer: 0,
  overhead: 0,
  imbalance: 0,
  conflicts: 0,
  dependencies: 0,
  'cold start': 0,
  transfer: 0,
  errors: 0,
}

const COUNTERS = [
  'all',
  // Workers, by what they run, and those that are there.
  'used',
  'stale',
  'dropped',
  'ready',
  // Calls that could run; that must run again; that are held back by what others change, or by whose results they are given.
  'waiting',
  'redo',
  'held',
  'fed',
  // Phases of which more calls are to come, and all that are not over.
  'producing',
  'open',
  // What the program's thread is at.
  'copying',
  'busy',
] as const
type Counter = (typeof COUNTERS)[number]
const PLACES = Object.fromEntries(COUNTERS.map((counter, i) => [counter, i])) as Record<Counter, number>

function countCall(call: RecordedCall, count: (counter: Counter, from: number, to: number) => void): void {
  const { made, copied, left, ready, over, inputs, stale } = call
  const began = call.began ?? over
  const first = stale[0]?.began ?? began
  count('waiting', ready, first)
  if (stale.length > 0) count('redo', stale[0]!.ended, began)
  count(inputs.length > 0 ? 'fed' : 'held', made, ready)
  if (copied - made > MUCH) count('copying', made, copied)
  count('busy', made, left)
}

/** Of every phase when its first and its last call were made, and when the last was over. */
function phases(calls: readonly RecordedCall[]): [first: number, last: number, over: number][] {
  const phases = new Map<string, [number, number, number]>()
  for (const { job, phase, made, over } of calls) {
    const key = `${job} ${phase}`
    const known = phases.get(key)
    if (known === undefined) phases.set(key, [made, made, over])
    else {
      known[0] = Math.min(known[0], made)
      known[1] = Math.max(known[1], made)
      known[2] = Math.max(known[2], over)
    }
  }
  return [...phases.values()]
}

// As many as one executor may have, or as were at work together; one that had started before is known by its calls alone.
function numberOfWorkers({ workers }: Trace, runs: Map<number, Run[]>): number {
  const starts = new Map(workers.map((worker) => [worker.worker, worker]))
  const lives = [...runs].map(([worker, list]): [number, number] => [
    starts.get(worker)?.started ?? list[0]!.began,
    list.at(-1)!.ended,
  ])
  let most = 1
  for (const worker of workers) if (runs.has(worker.worker)) most = Math.max(most, worker.most)
  const counters = [[lives.map(([from]) => from), lives.map(([, to]) => to)]] as const
  sweep(counters, (_from, _to, [count]) => {
    most = Math.max(most, count!)
  })
  return most
}

function readyTimes({ workers }: Trace, runs: Map<number, Run[]>): [from: number, to: number][] {
  const known = new Map<number, RecordedWorker>(workers.map((worker) => [worker.worker, worker]))
  const numbers = new Set([...known.keys(), ...runs.keys()])
  return [...numbers].map((number) => {
    const worker = known.get(number)
    if (worker === undefined) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const over = worker.over ?? Number.POSITIVE_INFINITY
    // The program may hear late of a worker that is ready, being busy itself.
    return [Math.min(worker.ready ?? over, runs.get(number)?.[0]?.began ?? over), over]
  })
}
