import type { Executor, ExecutorCall } from '../protocol.js'
import { behind } from '../target.js'
import { TrackedArray } from '../targets/array.js'
import { TrackedMap } from '../targets/map.js'
import type { Graph } from '../values/graph.js'
import { Comparison, type Difference, show } from './difference.js'
import type { InPlaceCall } from './in-place.js'
import { type RecordedCall, recording } from './recording.js'
import { Relay } from './relay.js'

/** A job, as far as a trial has to do with it. */
interface JobUnderTest {
  wait(): Promise<void>
}

/** What there was to see at the end of one run of a job. */
export interface Trial {
  readonly ended: { readonly result: unknown } | { readonly threw: unknown }
  readonly job: object
  /** Every call, by its number. */
  readonly calls: ReadonlyMap<number, RecordedCall>
  /** The caller's own objects among the arguments of each call, by its number. */
  readonly objects: ReadonlyMap<number, readonly unknown[]>
  /** Numbers of the calls in the order in which the executor was given them. */
  readonly submitted: readonly number[]
}

/** Runs a job once on an executor. */
export async function runTrial<J extends JobUnderTest>(
  executor: Executor,
  makeJob: (options: { executor: Executor }) => J,
  run: (job: J) => unknown,
): Promise<Trial> {
  const recorder = recording(executor)
  const collector = new Collector(recorder)
  const job = makeJob({ executor: collector })
  let ended: Trial['ended']
  try {
    const result = await run(job)
    await job.wait()
    ended = { result }
  } catch (threw) {
    // Nothing of it is to go on beside the next run; that it fails again is known.
    await job.wait().catch(() => {})
    ended = { threw }
  }
  const calls = new Map(recorder.calls.map((call) => [call.number, call]))
  return { ended, job, calls, objects: collector.objects, submitted: collector.submitted }
}

/** Where two runs of a job ended otherwise. */
export function differencesOf(actual: Trial, expected: Trial): Difference[] {
  const [is, should] = [actual.ended, expected.ended]
  if ('threw' in is !== 'threw' in should) return [{ path: 'the job', actual: ending(is), expected: ending(should) }]
  const comparison = new Comparison(undefined, { isMadeAnew: true })
  const found: Difference[] = []
  const compare = (a: unknown, b: unknown, what: string) => {
    for (const { path, ...both } of comparison.of(a, b, ''))
      found.push({ path: path === '' ? what : what === 'this' ? what + path : `${what}, at ${path}`, ...both })
  }
  if ('threw' in is && 'threw' in should) {
    // What the calling method did after the call that failed, a serial run would not have done.
    compare(is.threw, should.threw, 'the error')
    compare(settledOf(actual.job), settledOf(expected.job), 'this')
  } else if ('result' in is && 'result' in should) {
    compare(is.result, should.result, 'the result')
    compare({ ...actual.job }, { ...expected.job }, 'this')
  }
  for (const [number, args] of expected.objects) {
    const others = actual.objects.get(number)
    for (const [i, arg] of args.entries())
      if (others !== undefined && i in args)
        compare(others[i], arg, `argument ${i} of call ${number} of ${expected.calls.get(number)?.method}`)
  }
  return found
}

/** The first call in program order that saw or gave something else in two runs, in words. */
export function firstDifference(actual: Trial, expected: Trial, here: string, there: string): string | undefined {
  for (const [number, call] of [...expected.calls].sort(([a], [b]) => a - b)) {
    const other = actual.calls.get(number)
    if (other === undefined) continue
    const name = sayCall(call)
    if (other.method !== call.method)
      return `Call ${number} was of ${call.method} ${there}, and of ${other.method} ${here}.`
    const [seen] = new Comparison(undefined, { skipsMemory: true, isMadeAnew: true }).of(other.args, call.args, '')
    if (seen !== undefined)
      return `The first that differs is ${name}: it saw ${seen.expected} ${there} and ${seen.actual} ${here}, at argument ${seen.path}.`
    const [came] = new Comparison(undefined, { skipsMemory: true, isMadeAnew: true }).of(
      other.outcome,
      call.outcome,
      '',
    )
    if (came !== undefined)
      return `The first that differs is ${name}: with the same arguments it ${sayOutcome(call)} ${there}, and ${sayOutcome(other)} ${here}.`
  }
  return undefined
}

/** `call 3 of Tally.next("b")` */
export function sayCall({ number, method, args }: RecordedCall): string {
  return `call ${number} of ${method}(${args.map((arg) => show(arg, 24)).join(', ')})`
}

function sayOutcome({ outcome }: RecordedCall): string {
  if (outcome === null) return 'did not end'
  return 'threw' in outcome ? `threw ${show(outcome.threw)}` : `returned ${show(outcome.returned)}`
}

function ending(ended: Trial['ended']): string {
  return 'threw' in ended ? `threw ${show(ended.threw, 400)}` : `gave ${show(ended.result)}`
}

// What targets hold, without what failed calls would have put there.
function settledOf(job: object): Record<string, unknown> {
  const settled: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(job)) {
    if (value instanceof TrackedMap)
      settled[name] = new Map([...value.keys()].flatMap((key) => (value.isPending(key) ? [] : [[key, value.get(key)]])))
    else if (value instanceof TrackedArray)
      settled[name] = [...value.keys()].flatMap((i) => (value.isPending(i) ? [] : [value[i]]))
  }
  return settled
}

/** Notes which objects the calls were given. */
class Collector extends Relay {
  readonly objects = new Map<number, readonly unknown[]>()
  readonly submitted: number[] = []

  override submit(call: ExecutorCall): void {
    this.submitted.push(call.number)
    const { units, args, objects = [] } = call
    const own: unknown[] = new Array(args.length)
    for (let i = 0; i < objects.length; i += 3) {
      // In this thread a unit stands beside the objects that were encoded.
      const { graph } = units[objects[i + 1]!]! as unknown as { readonly graph: Graph }
      own[objects[i]!] = graph.nodes[objects[i + 2]!]
    }
    this.objects.set(call.number, own)
    this.hand(call)
  }

  protected override runInPlace(call: InPlaceCall): unknown {
    const own: unknown[] = new Array(call.args.length)
    // A tracked object crosses as the plain one that it is.
    for (const [i, arg] of call.args.entries())
      if (typeof arg === 'object' && arg !== null) own[i] = behind(arg)?.held ?? arg
    this.objects.set(call.number, own)
    return super.runInPlace(call)
  }
}
