import type { Batch, ObjectArguments, Route } from '../../protocol.js'
import { checkBatch } from '../../worker/check-batch.js'
import { type ModuleName, ModulesIn, ModulesOut } from './modules.js'
import { type Packable, pack, unpack } from './pack.js'
import { bytesOf, countOf, countsOf, flagOf, listOf, numbersOf, textOf } from './shape.js'
import { readHash } from './unit.js'
import { unreadable } from './unreadable.js'
import { NO_OBJECTS, readValues, writeValues } from './values.js'

/** A batch that says everything that a host must know to run it; routes and units go by their places in these lists. */
export interface SelfContainedBatch {
  /** Who sends it, and its number among all that he sends: where to report, and of what. */
  readonly producer: string
  readonly number: number
  readonly routes: readonly Route[]
  readonly units: readonly UnitRef[]
  readonly batch: Batch
}

/** A unit of a batch: its hash, and its bytes, or where they are to be had. */
export interface UnitRef {
  readonly hash: Buffer
  /** Used by more than one call. */
  readonly lasting: boolean
  /** `undefined`: it is in Redis, under its hash. */
  readonly bytes: Uint8Array | undefined
}

const VERSION = 1

/** Writes a batch. */
export function packBatch(message: SelfContainedBatch, nameOf: (url: string) => ModuleName): Buffer {
  const { producer, number, routes, units, batch } = message
  const modules = new ModulesOut(nameOf)
  const { calls, route, count, args, states, objects = [] } = batch
  return pack([
    VERSION,
    [producer, number],
    routes.map((route) => writeRoute(route, modules)),
    units.map(({ hash, lasting, bytes = null }) => [hash, lasting, bytes]),
    [calls, route, count, writeValues(args, NO_OBJECTS), states, objects],
    modules.pack(),
  ])
}

/**
 * Reads what `packBatch` wrote.
 * @throws {SerializationError} for anything else
 * @throws {DecoError} for a batch of which one part contradicts another
 */
export function unpackBatch(bytes: Uint8Array, urlOf: (name: ModuleName) => string): SelfContainedBatch {
  const [version, sender, routes, units, body, modules] = listOf(unpack(bytes), 'a batch')
  if (version !== VERSION) throw unreadable(`it is of version ${String(version)}, and this is version ${VERSION}`)
  const known = new ModulesIn(modules, urlOf)
  const [producer, number] = listOf(sender, 'a sender', 2)
  const read = {
    producer: textOf(producer, 'a producer'),
    number: countOf(number, 'the number of a batch'),
    routes: listOf(routes, 'the routes of a batch').map((route, i) => readRoute(route, i, known)),
    units: listOf(units, 'the units of a batch').map(readUnitRef),
    batch: readBody(body),
  }
  checkPlaces(read)
  return read
}

function writeRoute({ method, job, name, retries, timeout }: Route, modules: ModulesOut): Packable {
  const { method: key, fingerprint } = method
  return [modules.writeClass(job), modules.writeClass(method), key, fingerprint, name, retries, timeout ?? null]
}

function readRoute(packed: Packable, id: number, modules: ModulesIn): Route {
  const [job, owner, key, fingerprint, name, retries, timeout] = listOf(packed, 'a route', 7)
  return {
    id,
    job: modules.readClass(job),
    method: {
      ...modules.readClass(owner),
      method: textOf(key, 'a method'),
      fingerprint: countOf(fingerprint, 'the fingerprint of a method'),
    },
    name: textOf(name, 'a method'),
    retries: countOf(retries, 'the retries of a method'),
    ...(timeout !== null && { timeout: timeOf(timeout) }),
  }
}

function readUnitRef(packed: Packable): UnitRef {
  const [hash, lasting, bytes] = listOf(packed, 'a unit', 3)
  return {
    hash: readHash(hash),
    lasting: flagOf(lasting, 'a unit'),
    bytes: bytes === null ? undefined : bytesOf(bytes, 'a unit'),
  }
}

function readBody(packed: Packable | undefined): Batch {
  const [calls, route, count, args, states, objects] = listOf(packed, 'the calls of a batch', 6)
  const batch = {
    number: 0,
    slot: 0,
    calls: countOf(calls, 'the number of calls'),
    route: oneOrMany(route, 'the routes of calls'),
    count: oneOrMany(count, 'the arguments of calls'),
    args: readValues(args, NO_OBJECTS),
    states: listOf(states, 'what calls see').map((state): Batch['states'][number] => {
      const [call, units, recorded] = listOf(state, 'what a call sees', 3)
      return [countOf(call, 'a call'), countsOf(units, 'the units of a call'), countsOf(recorded, 'what is recorded')]
    }),
    objects: listOf(objects, 'the objects of calls').map((item): [number, ObjectArguments] => {
      const [call, places] = listOf(item, 'the objects of a call', 2)
      return [countOf(call, 'a call'), countsOf(places, 'the objects of a call')]
    }),
  }
  checkBatch(batch, 0)
  return batch
}

// What a lane leaves to the worker is looked at here: the calls of a batch do not go to one worker together.
function checkPlaces({ routes, units, batch }: SelfContainedBatch): void {
  const ids = typeof batch.route === 'number' ? [batch.route] : batch.route
  if (batch.calls > 0 && !ids.every((id) => id < routes.length)) throw unreadable('a call is of no method')
  let last = -1
  for (const [call, places, recorded] of batch.states) {
    if (call <= last || call >= batch.calls) throw unreadable('what calls see is in no order')
    last = call
    if (places.length === 0 || !places.every((place) => place < units.length))
      throw unreadable('a call sees objects that have not been sent')
    if (!recorded.every((place) => place < places.length)) throw unreadable('what is recorded of a call is not there')
  }
  if (batch.calls > 0 && batch.states[0]?.[0] !== 0) throw unreadable('the first call sees nothing')
}

function oneOrMany(packed: Packable | undefined, what: string): number | readonly number[] {
  return typeof packed === 'number' ? countOf(packed, what) : countsOf(packed, what)
}

function timeOf(packed: Packable | undefined): number {
  const [time] = numbersOf([packed ?? null], 'a timeout') as [number]
  if (!(time > 0)) throw unreadable('a timeout is no time')
  return time
}
