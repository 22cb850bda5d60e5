import type { Job, JobOptions } from '../../src/index.js'
import type { Executor, ExecutorCall, Outcome, Reply } from '../../src/protocol.js'
import { Graph } from '../../src/values/graph.js'
import { KnownObjects } from '../../src/values/known.js'
import type { Snapshot } from '../../src/values/snapshot.js'

/** A call as an executor sees it, which writes down what it is told. */
export interface RecordedCall extends ExecutorCall {
  isCancelled: boolean
  /** Everything it was told, in order: `began`, `value`, `reply`, `failure`. */
  readonly told: string[]
  /** What the method returned. */
  readonly value: Promise<unknown>
}

/**
 * The calls that each of `makers` makes on a job of its own, as the job hands them to its executor, with somebody else to
 * tell.
 */
export function callsOf<J extends Job>(
  JobClass: new (options: JobOptions) => J,
  ...makers: readonly ((job: J) => unknown)[]
): RecordedCall[] {
  const calls: RecordedCall[] = []
  const collector: Executor = {
    name: 'collector',
    importsModules: false,
    submit: (call) => void calls.push(record(call)),
    flush() {},
    poll: () => false,
    block() {},
    checkShared: (_, done) => done(),
    async close() {},
    async [Symbol.asyncDispose]() {},
  }
  for (const make of makers) make(new JobClass({ executor: collector }))
  return calls
}

function record({ number, route, job, units, args, objects, recorded }: ExecutorCall): RecordedCall {
  const told: string[] = []
  let resolve: (value: unknown) => void
  let reject: (error: unknown) => void
  const value = new Promise((...both) => {
    ;[resolve, reject] = both
  })
  value.catch(() => {})
  return {
    number,
    route,
    job,
    units,
    args,
    objects,
    recorded,
    isCancelled: false,
    told,
    value,
    began: () => void told.push('began'),
    succeed(result) {
      told.push('value')
      resolve(result)
    },
    reply(reply) {
      told.push('reply')
      const [threw, result] = decode(reply, units)
      if (threw) reject(result)
      else resolve(result)
    },
    fail(error) {
      told.push('failure')
      reject(error)
    },
    after() {},
  }
}

function decode({ encoded, outcome }: Reply, units: ExecutorCall['units']): Outcome {
  const known = new KnownObjects(units.map((unit) => (unit as Snapshot).graph))
  return Graph.decode(encoded, known).object(outcome) as unknown as Outcome
}
