import type { RecordedCall, Trace } from './trace.js'

/** The figures of one method. Times are in ms. */
export interface MethodFigures {
  /** `Climate.processLatLon` */
  readonly method: string
  readonly calls: number
  /** How many of them failed, and how often they ran again because their snapshot was stale. */
  readonly failed: number
  readonly reruns: number
  /** How long its calls ran that counted, all together, and by themselves: half, 95 % and 99 % of them no longer than this. */
  readonly total: number
  readonly mean: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** What the program's thread spent on making and committing its calls. */
  readonly handling: number
  /** This as a share of handling and running together. */
  readonly overhead: number
  /** About how many bytes were sent for its calls, and came back. */
  readonly bytesOut: number
  readonly bytesIn: number
}

/** The figures of every method that was called, the one that ran longest first. */
export function methodsOf(trace: Trace): MethodFigures[] {
  const shares = committing(trace)
  return trace.methods
    .map((method, i) =>
      figures(
        method,
        trace.calls.filter((call) => call.method === i),
        shares,
      ),
    )
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => b.total - a.total)
}

function figures(
  method: string,
  calls: readonly RecordedCall[],
  shareOf: (call: RecordedCall) => number,
): MethodFigures {
  const lengths = Float64Array.from(
    calls.flatMap(({ began, ended, outcome }) => {
      return began === null || ended === null || outcome === 'dropped' ? [] : [Math.max(0, ended - began)]
    }),
  ).sort()
  const sum = (of: (call: RecordedCall) => number) => calls.reduce((total, call) => total + of(call), 0)
  const total = lengths.reduce((total, length) => total + length, 0)
  const handling = sum((call) => call.left - call.made + shareOf(call))
  return {
    method,
    calls: calls.length,
    failed: sum(({ outcome }) => (outcome === 'failed' ? 1 : 0)),
    reruns: sum(({ reruns }) => reruns),
    total,
    mean: lengths.length === 0 ? 0 : total / lengths.length,
    p50: percentile(lengths, 0.5),
    p95: percentile(lengths, 0.95),
    p99: percentile(lengths, 0.99),
    handling,
    overhead: handling === 0 ? 0 : handling / (handling + total),
    bytesOut: sum(({ bytesOut }) => bytesOut),
    bytesIn: sum(({ bytesIn }) => bytesIn),
  }
}

/** By the nearest rank: one of the numbers, with so many of them no greater. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted.length === 0 ? 0 : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
}

// Of calls that are committed one right after the other each has an equal part of the time.
function committing({ commits }: Trace): (call: RecordedCall) => number {
  const jobs = new Map<number, Trace['commits'][number][]>()
  for (const commit of commits) {
    const list = jobs.get(commit.job)
    if (list === undefined) jobs.set(commit.job, [commit])
    else list.push(commit)
  }
  for (const list of jobs.values()) list.sort((a, b) => a.ended - b.ended)
  return ({ job, over }) => {
    const list = jobs.get(job) ?? []
    const commit = list[firstAtLeast(list, over)]
    return commit !== undefined && commit.began <= over ? (commit.ended - commit.began) / commit.calls : 0
  }
}

function firstAtLeast(list: readonly { readonly ended: number }[], time: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.ended < time) low = middle + 1
    else high = middle
  }
  return low
}
