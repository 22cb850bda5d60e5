import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { RecordedCall, Trace } from './trace.js'

// All rows are threads of one process. The first is the program's own thread; readers take thread 0 for that of an idle processor.
const PROCESS = 1
const PROGRAM = 1
const rowOf = (worker: number) => PROGRAM + worker

/**
 * Writes a trace in the Trace Event Format, which Perfetto (ui.perfetto.dev) and Chrome (chrome://tracing) open: a row for the program
 * with its commits and one for each worker with its calls, flows from each call to its commit, phases and batches from start to end,
 * and counters of pending calls and of bytes under way.
 * @param file the path of the file, which is written anew
 */
export async function writeChromeTrace(trace: Trace, file: string | URL): Promise<void> {
  await pipeline(Readable.from(texts(trace)), createWriteStream(file))
}

// Format: "Trace Event Format", https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsChNAySU.
interface Event {
  readonly ph: 'M' | 'X' | 's' | 'f' | 'b' | 'e' | 'C'
  readonly name: string
  readonly cat?: string
  readonly pid: number
  readonly tid?: number
  /** In µs, as `dur`. */
  readonly ts?: number
  readonly dur?: number
  readonly id?: number | string
  readonly bp?: 'e'
  readonly args?: object
}

// As text in pieces: all in one would be longer than a string can be.
function* texts(trace: Trace): Generator<string> {
  const { node, processors, calls, batches, missing } = trace
  const count = (outcome: RecordedCall['outcome']) => calls.filter((call) => call.outcome === outcome).length
  const about = {
    ...{ program: 'deco-ts', node, processors, calls: calls.length, missing, batches: batches.length },
    ...{ committed: count('committed'), failed: count('failed'), dropped: count('dropped') },
  }
  yield `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n`
  let between = ''
  let text = ''
  for (const event of events(trace)) {
    text += between + JSON.stringify(event)
    between = ',\n'
    if (text.length < 65_536) continue
    yield text
    text = ''
  }
  yield `${text}\n]}\n`
}

function* events(trace: Trace): Generator<Event> {
  yield named('process_name', PROGRAM, 'deco-ts')
  yield named('thread_name', PROGRAM, 'program')
  for (const { executor, worker } of trace.workers)
    yield named('thread_name', rowOf(worker), `worker ${worker}, ${executor}`)
  yield* spansOfWorkers(trace)
  yield* spansOfCalls(trace)
  for (const { job, began, ended, calls } of trace.commits)
    yield span('commit', PROGRAM, began, ended, { job: trace.jobs[job], calls })
  for (const [i, phase] of trace.phases.entries()) {
    const name = `phase ${phase.number} of ${trace.jobs[phase.job]}`
    const { calls, failed } = phase
    yield* lasting('phase', i, name, PROGRAM, phase.began, phase.over ?? trace.length, { calls, failed })
  }
  for (const [i, batch] of trace.batches.entries()) {
    const { worker, number, calls, bytesOut, bytesIn } = batch
    const args = { calls, bytesOut, bytesIn }
    yield* lasting('batch', i, `batch ${number}`, rowOf(worker), batch.sent, batch.over ?? trace.length, args)
  }
  yield* counters(trace)
}

function* spansOfWorkers({ workers, length }: Trace): Generator<Event> {
  for (const [i, { executor, worker, started, ready, over }] of workers.entries()) {
    yield* lasting('worker', i, `worker ${worker} of ${executor}`, rowOf(worker), started, over ?? length, {})
    if (ready !== null) yield* lasting('start', i, 'starts', rowOf(worker), started, ready, {})
  }
}

function* spansOfCalls(trace: Trace): Generator<Event> {
  for (const [id, call] of trace.calls.entries()) {
    const { began, ended, over, outcome, number, args, phase, batch, reruns, error } = call
    if (began === null || ended === null) continue
    const tid = rowOf(call.worker ?? 0)
    const name = trace.methods[call.method]!
    const waited = { made: us(call.made), queued: us(began - call.made), committed: us(over) }
    const about = {
      number,
      phase,
      batch,
      args,
      outcome,
      ...waited,
      ...(reruns > 0 && { reruns }),
      ...(error && { error }),
    }
    yield span(name, tid, began, ended, { job: trace.jobs[call.job], ...about }, 'call')
    if (outcome !== 'committed') continue
    const flow = { name: 'result', cat: 'result', pid: PROCESS, id }
    yield { ...flow, ph: 's', tid, ts: us(began) }
    yield { ...flow, ph: 'f', bp: 'e', tid: PROGRAM, ts: us(over) }
  }
}

// Where calls are made or over, or batches sent or done, in the order of time; one event for all that is told at once.
function* counters({ calls, batches }: Trace): Generator<Event> {
  const pending = calls.flatMap(({ made, over }) => [
    [made, 1],
    [over, -1],
  ])
  const bytes = batches.flatMap(({ sent, over, bytesOut }) => [
    [sent, bytesOut],
    ...(over === null ? [] : [[over, -bytesOut]]),
  ])
  yield* counter('pending calls', pending as [number, number][])
  yield* counter('bytes under way', bytes as [number, number][])
}

// A picture has no use for more than so many points in a millisecond.
const POINTS = 10

function* counter(name: string, steps: [at: number, by: number][]): Generator<Event> {
  steps.sort(([a], [b]) => a - b)
  let value = 0
  for (const [i, [at, by]] of steps.entries()) {
    value += by
    const next = steps[i + 1]
    if (next !== undefined && Math.floor(next[0] * POINTS) === Math.floor(at * POINTS)) continue
    yield { ph: 'C', name, pid: PROCESS, ts: us(at), args: { [name]: value } }
  }
}

function named(name: string, tid: number, value: string): Event {
  return { ph: 'M', name, pid: PROCESS, tid, args: { name: value } }
}

function span(name: string, tid: number, began: number, ended: number, args: object, cat = 'program'): Event {
  return { ph: 'X', name, cat, pid: PROCESS, tid, ts: us(began), dur: us(Math.max(0, ended - began)), args }
}

// What overlaps with its like is drawn by itself.
function* lasting(
  cat: string,
  number: number,
  name: string,
  tid: number,
  began: number,
  ended: number,
  args: object,
): Generator<Event> {
  const event = { cat, name, pid: PROCESS, tid, id: `${cat} ${number}` }
  yield { ...event, ph: 'b', ts: us(began), args }
  yield { ...event, ph: 'e', ts: us(ended) }
}

function us(milliseconds: number): number {
  return Math.round(milliseconds * 1e6) / 1000
}
