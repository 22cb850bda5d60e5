import type { Loss } from './accounts.js'
import { bytes, counted, duration, whole } from './plain.js'
import type { RecordedCall, Trace } from './trace.js'

/** What advice is given from. Times are in ms. */
export interface Figures {
  readonly processors: number
  readonly calls: number
  readonly batches: number
  /** How long a call ran on average, and the longest of all. */
  readonly mean: number
  readonly longest: { readonly time: number; readonly name: string }
  /** How long the program's thread was at a call, on average, without copying much. */
  readonly made: number
  readonly bytesOut: number
  readonly bytesIn: number
  /** How often calls ran again, and how many were held back by what others change. */
  readonly reruns: number
  readonly held: number
  readonly dropped: number
  /** From the first call to the first run. */
  readonly untilFirst: number
}

export function figuresOf({ processors, calls, batches, methods }: Trace): Figures {
  const sum = (of: (call: RecordedCall) => number) => calls.reduce((total, call) => total + of(call), 0)
  let longest = { time: 0, name: '' }
  let ran = 0
  let run = 0
  let first = Number.POSITIVE_INFINITY
  let made = Number.POSITIVE_INFINITY
  for (const call of calls) {
    made = Math.min(made, call.made)
    first = Math.min(first, call.stale[0]?.began ?? call.began ?? first)
    if (call.began === null || call.ended === null || call.outcome === 'dropped') continue
    const time = call.ended - call.began
    ran++
    run += time
    if (time > longest.time) longest = { time, name: `${methods[call.method]} #${whole(call.number)}` }
  }
  return {
    processors,
    calls: calls.length,
    batches: batches.length,
    mean: ran === 0 ? 0 : run / ran,
    longest,
    made: calls.length === 0 ? 0 : sum(({ copied, left }) => left - copied) / calls.length,
    bytesOut: sum(({ bytesOut }) => bytesOut),
    bytesIn: sum(({ bytesIn }) => bytesIn),
    reruns: sum(({ reruns }) => reruns),
    held: sum(({ ready, made, inputs }) => (inputs.length === 0 && ready > made ? 1 : 0)),
    dropped: sum(({ outcome }) => (outcome === 'dropped' ? 1 : 0)),
    untilFirst: Number.isFinite(first) ? Math.max(0, first - made) : 0,
  }
}

/** What a loss is called, what it was, and what to try. */
export interface Advice {
  readonly name: string
  readonly text: string
  readonly advice: string
}

/** Says what the workers' time was lost to, and what to try. */
export function adviceOn(loss: Loss, figures: Figures, workers: number): Advice {
  return ADVICE[loss](figures, workers)
}

const ADVICE: Readonly<Record<Loss, (figures: Figures, workers: number) => Advice>> = {
  producer: ({ calls }) => ({
    name: 'the program itself',
    text: `The program did work of its own, or waited, between its ${counted(calls, 'call')}: there was none to run.`,
    advice:
      'Move that work into the concurrent method; make the calls first and wait for them together, not one by one.',
  }),
  overhead: ({ calls, batches, mean, made, processors }, workers) => ({
    name: 'overhead',
    text:
      `Making, sending and committing calls: ${duration(made)} of the program's thread for each call, which ran ` +
      `${duration(mean)} on average${batches === 0 ? '' : `, with ${perBatch(calls, batches)} in a batch`}.`,
    advice: onOverhead(calls / batches, mean, workers, processors),
  }),
  imbalance: ({ longest, mean }, workers) => ({
    name: 'imbalance',
    text:
      `In the end not all of ${counted(workers, 'worker')} had something to do: the longest call, ${longest.name}, took ` +
      `${duration(longest.time)} where ${duration(mean)} is the average.`,
    advice: 'Divide the longest calls, or make them first, so that the short ones fill the rest.',
  }),
  conflicts: ({ reruns, held }) => ({
    name: 'conflicts',
    text:
      `Calls change what others read: ${counted(held, 'call was', 'calls were')} held back, and ` +
      `${counted(reruns, 'run was', 'runs were')} in vain and done again, one after the other.`,
    advice:
      'Have each call return its part instead, and put the parts together in the synchronized method; or have each write to places ' +
      'of its own.',
  }),
  dependencies: () => ({
    name: 'dependencies',
    text: 'Calls waited for the results of others that they were given.',
    advice: 'Start independent chains side by side, and give a call no result that it does not need.',
  }),
  'cold start': ({ untilFirst }) => ({
    name: 'cold start',
    text: `Workers were still starting: the first call began ${duration(untilFirst)} after it was made.`,
    advice:
      'Share one executor among all jobs and keep it; let it live through pauses with a longer `idleTimeout`; start it with a first small call early; or give a run more to do.',
  }),
  transfer: ({ calls, bytesOut, bytesIn }) => ({
    name: 'data transfer',
    text:
      `Copying and sending what calls are given and return: ${bytes(bytesOut)} out and ${bytes(bytesIn)} in, ` +
      `${bytes((bytesOut + bytesIn) / calls)} a call.`,
    advice:
      'Wrap what all calls read in `shared()`, hand buffers over with `move()`, and pass a call only the part that it needs.',
  }),
  errors: ({ dropped }) => ({
    name: 'errors',
    text: `Of ${counted(dropped, 'call')} nothing came, since an earlier one had failed or the job was cancelled.`,
    advice: 'Check first what can be checked quickly.',
  }),
}

// Longer calls, in ms, are worth a message each.
const LONG = 1

function onOverhead(perBatch: number, mean: number, workers: number, processors: number): string {
  if (mean < LONG && perBatch < 2)
    return "Leave `batch` at 'auto', so that small calls travel together; or let a call do more: a row instead of a cell."
  if (mean < LONG)
    return 'Let a call do more: a row instead of a cell. The finer method can stay as it is, since a nested call runs in place.'
  if (workers > processors)
    return `Use no more workers than processors, of which there are ${processors}: they take turns, with the program as well.`
  return 'Calls of this length are worth a message each: see what else keeps the processors, or the program’s thread, busy.'
}

function perBatch(calls: number, batches: number): string {
  const size = calls / batches
  return size < 9.95 ? size.toFixed(1) : whole(size)
}
