import { histogram } from './histogram.js'
import { methodsOf } from './methods.js'
import type { BatchColumns, CallColumns, PageData } from './page-data.js'
import type { RecordedCall, Trace } from './trace.js'
import { verdict } from './verdict.js'

// Fine enough for calls that take less than a microsecond, and short to write.
const TICKS = 10_000
const OUTCOMES: readonly RecordedCall['outcome'][] = ['committed', 'failed', 'dropped']
// Shorter calls are rare, and shorter bars say nothing: 0.1 µs.
const SHORTEST = 1e-4

/** Lays out a trace for a timeline page: times as differences, which are short, and what only few calls have by itself. */
export function pageDataOf(trace: Trace): PageData {
  const { began, length, node, processors, missing, jobs, methods, workers } = trace
  const commits = trace.commits.toSorted((a, b) => a.began - b.began)
  return {
    ticks: TICKS,
    ...{ began, length, node, processors, missing, jobs, methods },
    workers: workers.map(({ worker, executor, started, ready, over }) => ({ worker, executor, started, ready, over })),
    calls: callColumns(trace.calls.toSorted((a, b) => a.made - b.made)),
    batches: batchColumns(trace),
    commits: {
      began: commits.map(({ began }) => ticks(began)),
      length: commits.map(({ began, ended }) => ticks(ended) - ticks(began)),
      calls: commits.map(({ calls }) => calls),
    },
    figures: methodsOf(trace),
    lengths: histogram(lengthsOf(trace), SHORTEST),
    sizes: histogram(
      trace.batches.map(({ calls }) => calls),
      1,
    ),
    verdict: verdict(trace),
  }
}

function callColumns(calls: readonly RecordedCall[]): CallColumns {
  const column = (of: (call: RecordedCall, i: number) => number) => calls.map(of)
  // In ticks since the call was made.
  const since = (call: RecordedCall, time: number | null) =>
    time === null ? -1 : Math.max(0, ticks(time) - ticks(call.made))
  const few = <T extends unknown[]>(of: (call: RecordedCall) => T[]) =>
    calls.flatMap((call, i) => of(call).map((rest): [number, ...T] => [i, ...rest]))
  return {
    job: column(({ job }) => job),
    method: column(({ method }) => method),
    number: column(({ number }) => number),
    phase: column(({ phase }) => phase),
    args: calls.map(({ args }) => args),
    made: column(({ made }, i) => ticks(made) - (i === 0 ? 0 : ticks(calls[i - 1]!.made))),
    left: column((call) => since(call, call.left)),
    ready: column((call) => since(call, call.ready)),
    arrived: column((call) => since(call, call.arrived)),
    over: column((call) => since(call, call.over)),
    worker: column(({ worker }) => worker ?? -1),
    batch: column(({ batch }) => batch ?? -1),
    began: column((call) => since(call, call.began)),
    ran: column(({ began, ended }) =>
      began === null || ended === null ? -1 : Math.max(0, ticks(ended) - ticks(began)),
    ),
    bytesOut: column(({ bytesOut }) => bytesOut),
    bytesIn: column(({ bytesIn }) => bytesIn),
    outcome: column(({ outcome }) => OUTCOMES.indexOf(outcome)),
    errors: few(({ error }) => (error === null ? [] : [[error]])),
    inputs: few(({ inputs }) => (inputs.length === 0 ? [] : [[inputs]])),
    stale: few(({ stale }) =>
      stale.map(({ worker, began, ended }): [number, number, number] => [
        worker,
        ticks(began),
        ticks(ended) - ticks(began),
      ]),
    ),
  }
}

function batchColumns({ batches, length }: Trace): BatchColumns {
  return {
    worker: batches.map(({ worker }) => worker),
    number: batches.map(({ number }) => number),
    calls: batches.map(({ calls }) => calls),
    sent: batches.map(({ sent }) => ticks(sent)),
    over: batches.map(({ sent, over }) => ticks(over ?? length) - ticks(sent)),
    bytesOut: batches.map(({ bytesOut }) => bytesOut),
    bytesIn: batches.map(({ bytesIn }) => bytesIn),
  }
}

function lengthsOf({ calls }: Trace): number[] {
  return calls.flatMap(({ began, ended }) => (began === null || ended === null ? [] : [ended - began]))
}

function ticks(milliseconds: number): number {
  return Math.round(milliseconds * TICKS)
}
