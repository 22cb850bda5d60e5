import {
  type Attributes,
  type Context,
  context,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'
import type { BatchTrace, CallTrace, PhaseTrace, SynchronizedTrace } from 'deco-ts'

/** A span, and the context of those within it. */
interface Parent {
  readonly span: Span
  readonly within: Context
}

interface RunSpan extends Parent {
  readonly run: SynchronizedTrace
}

interface PhaseSpan extends Parent {
  readonly phase: PhaseTrace
  /** What is sent and not wholly reported. */
  readonly open: Set<BatchSpan>
}

/** The calls of one phase in a batch: those of several jobs travel together, but a span has one parent. */
interface BatchSpan extends Parent {
  readonly batch: BatchTrace
  readonly phase: PhaseSpan
  /** The places of these calls in the batch. */
  readonly places: number[]
}

interface CallSpan {
  readonly span: Span
  /** When the method ended: it is told later. */
  readonly end: number
}

/**
 * The spans of jobs. Each lies within its parent, in time as well: a call's is the time that its method takes in the worker, and its
 * attributes say how long it waited before and after. A call that runs again has a span for each time.
 */
export class JobSpans {
  readonly #tracer: Tracer
  // The synchronized methods of each job that are running, the innermost last.
  readonly #runs = new WeakMap<object, RunSpan[]>()
  readonly #phases = new WeakMap<object, PhaseSpan>()
  readonly #batches = new WeakMap<BatchTrace, readonly BatchSpan[]>()
  // With which batch each call was sent last.
  readonly #sentWith = new WeakMap<CallTrace, BatchSpan>()
  // The last span of each call; later ones link to it.
  readonly #calls = new WeakMap<CallTrace, CallSpan>()

  constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  runBegan(run: SynchronizedTrace): void {
    const runs = this.#runs.get(run.job) ?? []
    this.#runs.set(run.job, runs)
    runs.push({ run, ...this.#start(run.method, run.began, this.#contextOf(run.job)) })
  }

  runOver(run: SynchronizedTrace): void {
    const runs = this.#runs.get(run.job) ?? []
    const index = runs.findIndex((other) => other.run === run)
    if (index === -1) return
    const [{ span }] = runs.splice(index, 1) as [RunSpan]
    if (run.error !== undefined) setError(span, run.error)
    span.end(run.over)
  }

  phaseBegan(phase: PhaseTrace): void {
    const { job, number, began } = phase
    const attributes = { 'deco.job': job.constructor.name, 'deco.phase.number': number }
    const span = this.#start('phase', began, this.#contextOf(job), attributes)
    this.#phases.set(job, { phase, open: new Set(), ...span })
  }

  phaseOver(phase: PhaseTrace): void {
    const of = this.#phases.get(phase.job)
    if (of?.phase !== phase) return
    this.#phases.delete(phase.job)
    // Nobody waits for these: a call has failed, or the job was cancelled.
    for (const batch of of.open) this.#endBatch(batch, phase.over!)
    of.span.setAttributes({ 'deco.phase.calls': phase.calls, 'deco.phase.failed': phase.failed })
    if (phase.error !== undefined) setError(of.span, phase.error)
    of.span.end(phase.over)
  }

  batchSent(batch: BatchTrace): void {
    const spans = new Map<PhaseSpan, BatchSpan>()
    for (const [place, call] of batch.calls.entries()) {
      const phase = this.#phaseOf(call)
      if (phase === undefined) continue
      let span = spans.get(phase)
      if (span === undefined) {
        const attributes = {
          'deco.executor': batch.executor,
          'deco.worker': batch.worker,
          'deco.batch.number': batch.number,
          'deco.batch.bytes_out': batch.bytesOut,
        }
        span = { batch, phase, places: [], ...this.#start('batch', batch.sent, phase.within, attributes) }
        spans.set(phase, span)
        phase.open.add(span)
      }
      span.places.push(place)
      this.#sentWith.set(call, span)
    }
    this.#batches.set(batch, [...spans.values()])
  }

  batchOver(batch: BatchTrace): void {
    for (const span of this.#batches.get(batch) ?? []) if (span.phase.open.has(span)) this.#endBatch(span, batch.over!)
  }

  /** What came of a call is here; if it was stale, it will run again. */
  callArrived(call: CallTrace): void {
    const before = this.#calls.get(call)
    if (before !== undefined) endCall(before, { 'deco.call.outcome': 'stale' })
    const batch = this.#sentWith.get(call)
    const phase = this.#phaseOf(call)
    if (phase === undefined) return
    // The clock of the worker may be ahead or behind by a little.
    const first = batch?.batch.sent ?? phase.phase.began
    const last = batch?.batch.over ?? call.arrived!
    const began = between(first, call.began ?? first, last)
    const end = between(began, call.ended ?? last, last)
    const links = [...call.inputs, ...(before === undefined ? [] : [call])].flatMap(
      (input) => this.#calls.get(input)?.span.spanContext() ?? [],
    )
    const span = this.#tracer.startSpan(
      call.method,
      {
        startTime: began,
        attributes: { ...describe(call), 'deco.call.queue_ms': began - call.made },
        links: links.map((context) => ({ context })),
      },
      (batch ?? phase).within,
    )
    this.#calls.set(call, { span, end })
  }

  callOver(call: CallTrace): void {
    let of = this.#calls.get(call)
    if (of === undefined) {
      // It has not run, or nobody waited for it to end.
      const batch = this.#sentWith.get(call)
      const phase = this.#phaseOf(call)
      if (phase === undefined) return
      const end = Math.min(call.over!, batch?.batch.over ?? call.over!)
      const startTime = batch?.batch.sent ?? call.made
      const span = this.#tracer.startSpan(
        call.method,
        { startTime, attributes: describe(call) },
        (batch ?? phase).within,
      )
      of = { span, end }
      this.#calls.set(call, of)
    }
    if (call.outcome === 'failed') setError(of.span, call.error)
    endCall(of, { 'deco.call.outcome': call.outcome!, 'deco.call.commit_ms': call.over! - of.end })
  }

  #start(name: string, startTime: number, context: Context, attributes = {}): Parent {
    const span = this.#tracer.startSpan(name, { startTime, attributes }, context)
    return { span, within: trace.setSpan(context, span) }
  }

  #endBatch(of: BatchSpan, at: number): void {
    const { batch, phase, places, span } = of
    phase.open.delete(of)
    // Calls are reported in their order; the last ones may have been taken back, for a worker that was free.
    const reported = places.filter((place) => place < batch.reported)
    span.setAttributes({ 'deco.batch.calls': reported.length, 'deco.batch.bytes_in': batch.bytesIn })
    span.end(at)
  }

  // Within the method that is running, or else what the program is doing, a request, say.
  #contextOf(job: object): Context {
    return this.#runs.get(job)?.at(-1)?.within ?? context.active()
  }

  #phaseOf({ job, phase }: CallTrace): PhaseSpan | undefined {
    const of = this.#phases.get(job)
    return of?.phase.number === phase ? of : undefined
  }
}

function describe({ number, reruns }: CallTrace): Attributes {
  return { 'deco.call.number': number, 'deco.call.reruns': reruns }
}

function endCall({ span, end }: CallSpan, attributes: Attributes): void {
  span.setAttributes(attributes)
  span.end(end)
}

function setError(span: Span, error: unknown): void {
  span.recordException(error instanceof Error ? error : String(error))
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) })
}

function between(low: number, value: number, high: number): number {
  return Math.max(low, Math.min(value, high))
}
