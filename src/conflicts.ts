import { ConflictError } from './errors.js'
import type { Change, Reads } from './protocol.js'
import { holdsBefore, setterOf } from './values/patch.js'
import { step } from './values/path.js'
import { type CallSnapshot, unitOf } from './values/snapshot.js'
import { changesKeys, type Written, writes } from './write-log.js'

/** A call that cannot be committed. */
interface Caller {
  readonly number: number
  readonly name: string
  readonly snapshot: CallSnapshot
}

/** Whether a call may have read a place that a change made stale. Of units that were not recorded it may have read anything. */
export function hasRead(
  { snapshot, recorded }: { snapshot: CallSnapshot; recorded: readonly number[] },
  reads: readonly Reads[] | undefined,
  change: Change,
): boolean {
  const [operation, target, key] = change
  const unit = unitOf(snapshot, target)
  if (reads === undefined || !recorded.includes(unit)) return true
  // What is locked now would have refused what the call wrote, read or not.
  if (operation === 'freeze') return true
  const read = reads.find(([object]) => object === target)
  if (read === undefined) return false
  const [, keys, hasListed, isWhole] = read
  if (isWhole) return true
  if (operation === 'last') return hasListed
  // What adds or takes away an element is seen by whoever looks at the length, too.
  return (
    keys.includes(operation === 'length' ? 'length' : key) ||
    (changesKeys(change) && (hasListed || (Array.isArray(target) && keys.includes('length'))))
  )
}

/**
 * The changes of a call that count. A write of what was there already counts where an earlier call has made it another; what the
 * caller has written since is the later write. A key that was deleted and set again comes last only where others have come or gone.
 */
export function effective(patch: readonly Change[], from: number): readonly Change[] {
  if (!patch.some((change) => isSilent(change) || change[0] === 'renew')) return patch
  return patch.flatMap((change) => {
    const [operation, target, key, value, had, before] = change
    if (operation === 'renew') {
      if (writes.hasMovedKeys(from, target)) return [change]
      if (!isSilent(change) || writes.hasWritten(from, change))
        return [[setterOf(target), target, key, value, had, before]]
    }
    return isSilent(change) && !writes.hasWritten(from, change) ? [] : [change]
  })
}

function isSilent([operation, , , value, had, before]: Change): boolean {
  if (operation === 'length' || operation.endsWith('delete')) return had === false
  return had === true && Object.is(value, before)
}

/** The error for a call whose snapshot an earlier call of the phase has made stale. */
export function staleError(call: Caller & { recorded: readonly number[] }, { change, writer }: Written): ConflictError {
  const { parameter, path } = placeOf(call.snapshot, change[1], change[2])
  const [className = '', method = ''] = call.name.split('.')
  const wasRecorded = call.recorded.includes(unitOf(call.snapshot, change[1]))
  const read = wasRecorded ? `has read it` : `read of it is not known`
  const declare = `@concurrent({ mutates: [${indexOf(parameter)}] }) says beforehand that the method changes it, so that its reads are known; `
  return new ConflictError(
    `Cannot commit call ${call.number} of ${call.name}: call ${writer.number} of ${writer.name} changed ${parameter}${at(path)} after ` +
      `the snapshot of call ${call.number} had been taken, and ${wasRecorded ? '' : 'what '}call ${call.number} ${read}. Way out: ` +
      `@concurrent({ onConflict: 'rerun' }) runs such a call again; ${wasRecorded ? '' : declare}` +
      'a result that is returned and put into a tracked target needs none of this.',
    { className, method, calls: [writer.number, call.number], parameter, path },
  )
}

/** The error for a place that a call changed and that the caller has changed as well. */
export function callerError(call: Caller, change: Change): ConflictError {
  const { parameter, path } = placeOf(call.snapshot, change[1], change[2])
  const [className = '', method = ''] = call.name.split('.')
  return new ConflictError(
    `Cannot commit call ${call.number} of ${call.name}: it changed ${parameter}${at(path)}, which the caller has changed since the call ` +
      'was made. Way out: change it before the call, or after `await this.wait()`.',
    { className, method, calls: [call.number], parameter, path },
  )
}

/** The error for a call to which `through` passes on an object that the caller has changed. */
export function passedOnError(call: Omit<Caller, 'snapshot'>, through: Caller, object: object): ConflictError {
  const { parameter, path } = placeOf(through.snapshot, object)
  const [className = '', method = ''] = call.name.split('.')
  return new ConflictError(
    `Cannot run call ${call.number} of ${call.name}: through call ${through.number} of ${through.name} it gets an object that the caller ` +
      `has changed since that call was made, ${parameter}${at(path)} of it, and what call ${call.number} should see of it is not known. ` +
      `Way out: change it before, or after \`await this.wait()\`; or pass it to call ${call.number} by itself, too.`,
    { className, method, calls: [call.number], parameter, path },
  )
}

/** The error for a change by a method that is declared to make none. */
export function undeclaredError(call: Caller, change: Change): ConflictError {
  const { parameter, path } = placeOf(call.snapshot, change[1], change[2])
  const [className = '', method = ''] = call.name.split('.')
  return new ConflictError(
    `Cannot commit call ${call.number} of ${call.name}: it changed ${parameter}${at(path)}, and is declared with mutates: false. Way out: ` +
      `@concurrent({ mutates: [${indexOf(parameter)}] }), or leave the parameter alone.`,
    { className, method, calls: [call.number], parameter, path },
  )
}

/** The error for a shared value that the program itself wrote to while calls saw it. */
export function sharedError(): ConflictError {
  return new ConflictError(
    'Cannot go on: a typed array, Map, Set or Date that was passed through shared() has been written to since, and calls have seen ' +
      'it as it was. Way out: write before shared(), or pass the value without it.',
  )
}

/** The first change of a call whose place holds neither what its snapshot saw nor what an earlier call put there. */
export function collidingChange(changes: readonly Change[], from: number): Change | undefined {
  const seen = new Map<object, Set<unknown>>()
  return changes.find((change) => {
    const [, target, key] = change
    const keys = seen.get(target) ?? new Set()
    seen.set(target, keys)
    // A key that moved is deleted and set again: its first change tells.
    if (keys.has(key)) return false
    keys.add(key)
    return !holdsBefore(change) && !writes.hasWritten(from, change)
  })
}

function placeOf(
  { units, objects = [] }: CallSnapshot,
  target: object,
  key?: unknown,
): { parameter: string; path: string } {
  for (const [i, unit] of units.entries()) {
    const node = unit.graph.numberOf(target)
    if (node === undefined) continue
    const { name, path } = unit.locate(node)
    const root = name.slice(0, name.indexOf(' of '))
    const argument = i === 0 ? -1 : objects.findIndex((place, j) => j % 3 === 1 && place === i)
    return { parameter: argument === -1 ? root : `argument ${objects[argument - 1]}`, path: path + step(target, key) }
  }
  return { parameter: 'this', path: '' }
}

function at(path: string): string {
  return path === '' ? '' : ` at ${path}`
}

function indexOf(parameter: string): string {
  return /\d+/.exec(parameter)?.[0] ?? '…'
}
