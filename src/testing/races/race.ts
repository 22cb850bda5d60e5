import { types } from 'node:util'
import { bufferOf } from './data.js'
import { placeOf } from './path-of.js'
import { type Access, type CallStrand, WHOLE } from './place.js'

/** One side of a race. */
export interface RacingAccess {
  /** The concurrent call, or `undefined` for the calling method itself. */
  readonly call:
    | {
        /** `Climate.processLatLon` */
        readonly name: string
        /** Its place among the calls of its job, from 1 on. */
        readonly number: number
        /** Its arguments in short: `({ lat: 3 }, 7)`. */
        readonly args: string
      }
    | undefined
  /** What it did there. */
  readonly did: 'read' | 'write'
  /** The place as this side reaches it: `argument 0 at .bodies[3].x`. */
  readonly place: string
  /** `file:///app/shop.js:17:5`, or `undefined` where nobody saw it happen. */
  readonly line: string | undefined
}

/** Two logically parallel accesses of one place, of which one is a write. */
export interface Race {
  /** The later access, after the earlier one. */
  readonly kind: 'read after write' | 'write after write' | 'write after read'
  /** The path of the place below the parameter: `.bodies[3].x`. */
  readonly path: string
  /** The side that comes first in program order. */
  readonly earlier: RacingAccess
  /** The side that comes second. */
  readonly later: RacingAccess
  /**
   * What deco-ts makes of it: it throws (`refused`), runs the later call again (`rerun`), gives the serial result all the same
   * (`serial order`), or cannot see it at run time (`unseen`): then the program may silently differ from its serial run.
   */
  readonly outcome: 'refused' | 'rerun' | 'serial order' | 'unseen'
  /** How to be rid of it. */
  readonly mend: string
  /** How many pairs of accesses with these lines race like this. */
  readonly count: number
}

/** Collects races: those of the same lines and the same kind of place are one, with a count. */
export class Races {
  readonly #found = new Map<string, Race>()

  readonly add = (earlier: Access, later: Access): void => {
    const race = raceOf(earlier, later)
    const key = JSON.stringify([
      race.kind,
      race.outcome,
      ...[race.earlier, race.later].map(({ call, line, place }) => [
        call?.name,
        line,
        place.replaceAll(ELEMENT, '[…]'),
      ]),
    ])
    const known = this.#found.get(key)
    this.#found.set(key, known === undefined ? race : { ...known, count: known.count + 1 })
  }

  get all(): readonly Race[] {
    return [...this.#found.values()]
  }
}

// Elements of one list, entries of one Map and rows of one table are alike.
const ELEMENT = /\[[\d–]+\]|\.(get|has)\([^)]*\)|\["[^"]*"\]|\(bytes? [\d–]+\)/g

function raceOf(earlier: Access, later: Access): Race {
  const kind =
    later.isRead && earlier.isChange ? 'read after write' : earlier.isWritten ? 'write after write' : 'write after read'
  const did = kind.split(' after ') as ['read' | 'write', 'read' | 'write']
  const outcome = outcomeOf(earlier, later, kind)
  const strand = (later.strand ?? earlier.strand)!
  const access = later.strand === undefined ? earlier : later
  return {
    kind,
    path: placeOf(strand, access.place.shadow, access.place.key).path,
    earlier: sideOf(earlier, did[1], strand),
    later: sideOf(later, did[0], strand),
    outcome,
    mend: mendOf(kind, outcome, earlier, later),
    count: 1,
  }
}

function outcomeOf(earlier: Access, later: Access, kind: Race['kind']): Race['outcome'] {
  const { object } = later.place.shadow
  // Memory that workers share is changed under each other's eyes.
  if (types.isSharedArrayBuffer(bufferOf(object))) return 'unseen'
  if (later.strand === undefined) {
    if (kind === 'read after write') return 'unseen'
    if (kind === 'write after read') return 'serial order'
    // At the commit, the place then holds what the call's snapshot saw.
    const [before, now] = [earlier.before, later.before]
    return before?.isThere && now?.isThere && Object.is(before.value, now.value) ? 'unseen' : 'refused'
  }
  if (later.place.key === WHOLE || earlier.place.key === WHOLE) return 'refused'
  if (kind !== 'read after write') return 'serial order'
  return later.strand.isRerun ? 'rerun' : 'refused'
}

function sideOf({ strand, place, readAt, writtenAt }: Access, did: 'read' | 'write', other: CallStrand): RacingAccess {
  const { root, path } = placeOf(strand ?? other, place.shadow, place.key)
  return {
    call: strand && { name: strand.name, number: strand.number, args: strand.args },
    did,
    place: path === '' ? root : `${root} at ${path}`,
    line: (did === 'read' ? readAt : writtenAt)?.line,
  }
}

function mendOf(kind: Race['kind'], outcome: Race['outcome'], earlier: Access, later: Access): string {
  const { object } = later.place.shadow
  if (types.isSharedArrayBuffer(bufferOf(object)))
    return 'use Atomics on shared memory, or pass an ArrayBuffer, which every call gets a copy of'
  if (later.strand === undefined && kind === 'read after write')
    return 'read it after `await this.wait()`, or wrap the object in tracked(), so that the read waits'
  if (later.strand === undefined && kind === 'write after write')
    return 'change it before the call, or after `await this.wait()`'
  if (outcome === 'refused' && earlier.place.key === WHOLE)
    return 'return the changed instance and put it into a tracked target, or let its fields cross: @serializable without encode'
  if (outcome === 'refused')
    return `mark ${methodOf(later)} @concurrent({ onConflict: 'rerun' }), pass it the result of ${methodOf(earlier)}, or wait between the two`
  if (outcome === 'rerun')
    return `nothing is wrong, but ${methodOf(later)} runs twice: pass it the result of ${methodOf(earlier)}, or wait between the two`
  return kind === 'write after write'
    ? 'nothing is wrong, the later one wins as it does serially: return the value instead if the order is not meant to matter'
    : 'nothing is wrong, the earlier one sees what was there before: wait between the two if the order is not meant to matter'
}

function methodOf({ strand }: Access): string {
  return strand?.name ?? 'the call'
}
