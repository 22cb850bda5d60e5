import { types } from 'node:util'
import type { Change, Operation, Outcome, Reads } from '../protocol.js'
import { isDetached } from './bytes.js'
import { isCount, malformed } from './malformed.js'

/**
 * Sees to it that what is said to have come of a call can be committed: changes of its own objects alone, each of a kind that
 * the object has.
 * @throws {SerializationError} for anything else
 */
export function checkOutcome(outcome: unknown, isOwn: (object: object) => boolean): asserts outcome is Outcome {
  if (!Array.isArray(outcome)) throw malformed('what came of the call is no outcome')
  const [threw, , patch, reads] = outcome as unknown[]
  if (typeof threw !== 'boolean' || !Array.isArray(patch)) throw malformed('what came of the call is no outcome')
  for (const change of patch)
    if (!isChange(change, isOwn)) throw malformed('what the call changed is no place of its objects')
  if (reads !== undefined && !(Array.isArray(reads) && reads.every(areReads)))
    throw malformed('what the call read is no list of places')
}

function isChange(change: unknown, isOwn: (object: object) => boolean): change is Change {
  if (!Array.isArray(change)) return false
  const [operation, target, , , had] = change as unknown[]
  if (typeof target !== 'object' || target === null || !isOwn(target)) return false
  if (had !== undefined && typeof had !== 'boolean') return false
  return (
    typeof operation === 'string' && Object.hasOwn(FITS, operation) && FITS[operation as Operation](change as never)
  )
}

// Keys and values of any kind are what objects hold; the rest must be what the operation takes.
const FITS: { readonly [operation in Operation]: (change: readonly [string, object, ...unknown[]]) => boolean } = {
  set: ([, , key]) => typeof key === 'string',
  delete: ([, , key]) => typeof key === 'string',
  renew: ([, target, key]) => types.isMap(target) || types.isSet(target) || typeof key === 'string',
  last: () => false,
  length: ([, target, , value]) => Array.isArray(target) && isCount(value, 2 ** 32 - 1),
  'map.set': ([, target]) => types.isMap(target),
  'map.delete': ([, target]) => types.isMap(target),
  'set.add': ([, target]) => types.isSet(target),
  'set.delete': ([, target]) => types.isSet(target),
  bytes: ([, target, from, value, , before]) =>
    types.isArrayBuffer(target) &&
    types.isArrayBuffer(value) &&
    types.isArrayBuffer(before) &&
    before.byteLength === value.byteLength &&
    (isDetached(target) || isCount(from, target.byteLength - value.byteLength)),
  time: ([, target, , value]) => types.isDate(target) && typeof value === 'number',
  freeze: ([, , lock]) => isCount(lock, 3),
}

function areReads(reads: unknown): reads is Reads {
  return Array.isArray(reads) && typeof reads[0] === 'object' && reads[0] !== null && Array.isArray(reads[1])
}
