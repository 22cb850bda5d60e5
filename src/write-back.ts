import type { Call } from './call.js'
import { callerKeys } from './caller-keys.js'
import { callerError, collidingChange, effective, hasRead, undeclaredError } from './conflicts.js'
import type { Change } from './protocol.js'
import { apply, asOfNow } from './values/patch.js'
import { isObject } from './values/primitive.js'
import { type Written, writes } from './write-log.js'

/** What an earlier call of the phase wrote after this one's snapshot had been taken, and this one may have read. */
export function staleRead(call: Call): Written | undefined {
  if (writes.end === call.base) return undefined
  const reads = call.outcome[3]
  return writes.since(call.base, call.snapshot).find(({ change }) => hasRead(call, reads, change))
}

/** Makes the changes of a call on the caller's own objects; gives the error that keeps it from doing so. */
export function writeBack(call: Call, written: readonly Change[]): Error | undefined {
  const undeclared = call.method.profile.undeclared(call.snapshot, written)
  if (undeclared !== undefined) return undeclaredError(call, undeclared)
  const patch = effective(written, call.base)
  const colliding = collidingChange(patch, call.base)
  if (colliding !== undefined) return callerError(call, colliding)
  const changes = [...patch, ...callerKeys.after(call, patch)]
  const made: Change[] = []
  for (const change of changes) {
    const now = asOfNow(change)
    if (!canApply(change)) return callerError(call, change)
    if (now !== undefined) made.push(now)
  }
  const passesOn = patch.some(([, , key, value]) => isObject(key) || isObject(value))
  writes.add({ number: call.number, name: call.name, origin: passesOn ? call.origin(made.length) : undefined }, made)
  return undefined
}

// `false` where the caller has locked the object since.
function canApply(change: Change): boolean {
  try {
    apply(change)
    return true
  } catch {
    return false
  }
}
