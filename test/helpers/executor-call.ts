import type { Encoded, ExecutorCall, Route, Unit } from '../../src/protocol.js'

const NOTHING: Encoded = { kinds: [], starts: [], tape: [], refs: [], classes: [] }

/** A unit that holds nothing. */
export const unit = (id: number, lasting = true): Unit => ({ id, encoded: NOTHING, lasting, frozen: false })

const route = (id: number): Route => ({
  id,
  name: `Job.method${id}`,
  retries: 0,
  job: { module: 'file:///job.js', position: 0, name: 'Job' },
  method: { module: 'file:///job.js', position: 0, name: 'Job', method: `method${id}`, fingerprint: id },
})

const JOB = {}

/** A call as an executor sees it, of which nobody wants to hear. */
export const call = (
  routeId: number,
  units: readonly Unit[],
  args: readonly unknown[] = [],
  objects?: readonly number[],
): ExecutorCall => ({
  number: 1,
  route: route(routeId),
  job: JOB,
  units,
  args,
  objects,
  recorded: [],
  isCancelled: false,
  began() {},
  succeed() {},
  reply() {},
  fail() {},
  after() {},
})
