import { ConflictError } from './errors.js'
import type { Change, Reads } from './protocol.js'
import { holdsBefore, setterOf } from './values/patch.js'
import { step } from './values/path.js'
import { type CallSnapshot, unitOf } from './values/snapshot.js'

/** A call as the write log knows it. */
export interface Writer {
  readonly number: number
  readonly name: string
}

/** A change that made a snapshot stale, and the call that made it. */
export interface Stale {
  readonly change: Change
  readonly writer: Writer
}

/** What the calls of all jobs in this thread changed, in the order of their commits, as long as an open call may not know of it. */
class WriteLog {
  #changes: Change[] = []
  #writers: Writer[] = []
  // How many changes have been forgotten.
  #start = 0
  #open = 0

  /** Where the log ends now: a snapshot taken now has seen all that is in it. */
  get end(): number {
    return this.#start + this.#changes.length
  }

  /** A call has been made that may have to be told of changes. */
  open(): void {
    this.#open++
  }

  /** Calls are over. With the last one, everything is forgotten. */
  close(calls = 1): void {
    this.#open -= calls
    if (this.#open > 0 || this.#changes.length === 0) return
    this.#start += this.#changes.length
    this.#changes = []
    this.#writers = []
  }

  add(writer: Writer, changes: readonly Change[]): void {
    for (const change of changes) {
      this.#changes.push(change)
      this.#writers.push(writer)
    }
  }

  /** The changes since `from` of objects that a snapshot holds. */
  since(from: number, snapshot: CallSnapshot): Stale[] {
    const found: Stale[] = []
    for (let i = from - this.#start; i < this.#changes.length; i++) {
      const change = this.#changes[i]!
      if (unitOf(snapshot, change[1]) !== -1) found.push({ change, writer: this.#writers[i]! })
    }
    return found
  }

  /** Whether a place has been written since `from`. What sets the length of an array may have written any of its places. */
  hasWritten(from: number, [operation, target, key]: Change): boolean {
    for (let i = from - this.#start; i < this.#changes.length; i++) {
      const [other, written, at] = this.#changes[i]!
      if (written !== target) continue
      if (at === key || operation === 'bytes' || operation === 'length' || other === 'length') return true
    }
    return false
  }

  /** Whether an object has had keys added or taken away since `from`, or put into another order. */
  hasMovedKeys(from: number, target: object): boolean {
    for (let i = from - this.#start; i < this.#changes.length; i++) {
      const change = this.#changes[i]!
      if (change[1] === target && changesKeys(change)) return true
    }
    return false
  }
}

export const writes = new WriteLog()

function changesKeys([operation, , , , had]: Change): boolean {
  return (
    !had || operation.endsWith('delete') || operation === 'length' || operation === 'set.add' || operation === 'renew'
  )
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
      if (!isSilent(change) || writes.hasWritten(from, change)) return [[setterOf(target), target, key, value, had, before]]
    }
    return isSilent(change) && !writes.hasWritten(from, change) ? [] : [change]
  })
}

function isSilent([operation, , , value, had, before]: Change): boolean {
  if (operation === 'length' || operation.endsWith('delete')) return had === false
  return had === true && Object.is(value, before)
}

/** The error for a call whose snapshot an earlier call of the phase has made stale. */
export function staleError(
  call: Writer & { snapshot: CallSnapshot; recorded: readonly number[] },
  { change, writer }: Stale,
): ConflictError {
  const { parameter, path } = placeOf(call.snapshot, change)
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
export function callerError(call: Writer & { snapshot: CallSnapshot }, change: Change): ConflictError {
  const { parameter, path } = placeOf(call.snapshot, change)
  const [className = '', method = ''] = call.name.split('.')
  return new ConflictError(
    `Cannot commit call ${call.number} of ${call.name}: it changed ${parameter}${at(path)}, which the caller has changed since the call ` +
      'was made. Way out: change it before the call, or after `await this.wait()`.',
    { className, method, calls: [call.number], parameter, path },
  )
}

/** The error for a change by a method that is declared to make none. */
export function undeclaredError(call: Writer & { snapshot: CallSnapshot }, change: Change): ConflictError {
  const { parameter, path } = placeOf(call.snapshot, change)
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

function placeOf({ units, objects = [] }: CallSnapshot, [, target, key]: Change): { parameter: string; path: string } {
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
