import { bufferOf, type Data, startOf } from './data.js'
import type { Memory, OnRace } from './memory.js'
import { type Access, type CallStrand, Place, type Shadow } from './place.js'
import { Trace } from './trace.js'

const READ = 1
const WRITTEN = 2
// What was written makes a difference.
const CHANGED = 4

/** A stretch of bytes that a call treated alike. */
type Stretch = readonly [start: number, end: number, flags: number]

/** What one call did to the bytes of one buffer. */
interface Marks {
  readonly strand: CallStrand | undefined
  /** The view through which it first saw them. */
  readonly view: Shadow
  readonly flags: Uint8Array
  readonly before: Uint8Array
  readonly readAt: Map<number, Trace>
  readonly writtenAt: Map<number, Trace>
  stretches: readonly Stretch[]
}

/** The bytes of one buffer in the present phase. */
interface Memo {
  readonly buffer: ArrayBufferLike
  open: Marks | undefined
  readonly done: Marks[]
  /** What the last call left. */
  left: Uint8Array | undefined
}

// As they are when nobody watches.
const Uint8 = Uint8Array
const { set: setIn } = Uint8Array.prototype
const { compare } = Buffer

// So many lines are looked up for a call and a buffer.
const LINES = 1000

/** The shadow memory of buffers, byte by byte: views of different sizes meet in it. */
export class Bytes {
  readonly #memory: Memory
  readonly #onRace: OnRace
  readonly #memos = new Map<ArrayBufferLike, Memo>()

  constructor(memory: Memory, onRace: OnRace) {
    this.#memory = memory
    this.#onRace = onRace
  }

  read(view: Shadow, offset: number, length: number, above: Function): void {
    this.#note(view, offset, length, READ, above)
  }

  write(view: Shadow, offset: number, length: number, above: Function): void {
    this.#note(view, offset, length, WRITTEN, above)
  }

  /** Whether calls have touched them, or bytes beside them, in this phase. */
  knows(data: Data): boolean {
    return this.#memos.has(bufferOf(data))
  }

  /** From now on, what changes is seen, by whatever way. */
  hold(view: Shadow): void {
    const { strand } = this.#memory
    if (strand !== undefined) this.#marks(view, strand)
  }

  end(strand: CallStrand): void {
    for (const memo of this.#memos.values()) {
      const { open } = memo
      if (open?.strand !== strand) continue
      memo.open = undefined
      memo.left = copyOf(memo.buffer)
      open.stretches = stretchesOf(open, memo.left)
      for (const earlier of memo.done) if (strand.isParallelTo(earlier.strand!)) this.#compare(earlier, open)
      memo.done.push(open)
    }
  }

  /** Looks for what the caller has written by ways on which nobody sees it. */
  check(): void {
    for (const memo of this.#memos.values()) if (memo.open === undefined) this.#checkLeft(memo)
  }

  forget(): void {
    this.#memos.clear()
  }

  #note(view: Shadow, offset: number, length: number, flag: number, above: Function): void {
    const { strand, isMuted } = this.#memory
    if (length <= 0 || isMuted) return
    if (strand === undefined) {
      this.#byCaller(view, offset, length, flag, above)
      return
    }
    const marks = this.#marks(view, strand)
    const { flags } = marks
    let isNew = false
    for (let at = offset; at < offset + length; at++) {
      const before = flags[at]!
      // What it has written itself it does not read from others.
      if ((before & flag) !== 0 || (flag === READ && (before & WRITTEN) !== 0)) continue
      flags[at] = before | flag
      isNew = true
    }
    const lines = flag === READ ? marks.readAt : marks.writtenAt
    if (isNew && lines.size < LINES && !lines.has(offset)) lines.set(offset, new Trace(above))
  }

  #marks(view: Shadow, strand: CallStrand): Marks {
    const buffer = bufferOf(view.object)
    let memo = this.#memos.get(buffer)
    if (memo === undefined) {
      memo = { buffer, open: undefined, done: [], left: undefined }
      this.#memos.set(buffer, memo)
    }
    if (memo.open?.strand !== strand) {
      this.#checkLeft(memo)
      memo.open = newMarks(strand, view, buffer)
    }
    return memo.open!
  }

  #byCaller(view: Shadow, offset: number, length: number, flag: number, above: Function): void {
    const buffer = bufferOf(view.object)
    const memo = this.#memos.get(buffer)
    if (memo === undefined) return
    const trace = new Trace(above)
    const marks = newMarks(undefined, view, buffer)
    marks.stretches = [[offset, offset + length, flag === READ ? READ : WRITTEN | CHANGED]]
    ;(flag === READ ? marks.readAt : marks.writtenAt).set(offset, trace)
    this.#meetCaller(memo, marks)
    // It is about to be written, and is no news then.
    if (flag === WRITTEN) memo.left = undefined
  }

  #checkLeft(memo: Memo): void {
    const { left, buffer, done } = memo
    if (left === undefined || done.length === 0) return
    const now = copyOf(buffer)
    if (compare(left, now) === 0) return
    const marks = newMarks(undefined, done[0]!.view, buffer, left)
    marks.stretches = stretchesOf(marks, now)
    this.#meetCaller(memo, marks)
    memo.left = now
  }

  #meetCaller({ done }: Memo, marks: Marks): void {
    for (const earlier of done)
      if (earlier.strand!.committed === Number.POSITIVE_INFINITY) this.#compare(earlier, marks)
  }

  // A pair of calls is told once for each kind of race.
  #compare(earlier: Marks, later: Marks): void {
    const told = new Set<string>()
    let i = 0
    let j = 0
    while (i < earlier.stretches.length && j < later.stretches.length) {
      const [start, end, flags] = earlier.stretches[i]!
      const [otherStart, otherEnd, otherFlags] = later.stretches[j]!
      const [from, to] = [Math.max(start, otherStart), Math.min(end, otherEnd)]
      const kind = from < to ? kindOf(flags, otherFlags) : undefined
      if (kind !== undefined && !told.has(kind)) {
        told.add(kind)
        const did = kind.split(' ')
        this.#onRace(accessOf(earlier, from, to, did[2] === 'write'), accessOf(later, from, to, did[0] === 'write'))
      }
      if (end < otherEnd) i++
      else j++
    }
  }
}

function kindOf(earlier: number, later: number): string | undefined {
  if ((earlier & CHANGED) !== 0 && (later & READ) !== 0) return 'read after write'
  if ((earlier & WRITTEN) !== 0 && (later & WRITTEN) !== 0 && ((earlier | later) & CHANGED) !== 0)
    return 'write after write'
  return (earlier & READ) !== 0 && (later & CHANGED) !== 0 ? 'write after read' : undefined
}

function newMarks(
  strand: CallStrand | undefined,
  view: Shadow,
  buffer: ArrayBufferLike,
  before: Uint8Array = copyOf(buffer),
): Marks {
  return {
    strand,
    view,
    flags: new Uint8(buffer.byteLength),
    before,
    readAt: new Map(),
    writtenAt: new Map(),
    stretches: [],
  }
}

function copyOf(buffer: ArrayBufferLike): Uint8Array {
  const copy = new Uint8(buffer.byteLength)
  setIn.call(copy, new Uint8(buffer))
  return copy
}

function stretchesOf({ flags, before }: Marks, now: Uint8Array): Stretch[] {
  const stretches: Stretch[] = []
  let start = 0
  let current = 0
  for (let at = 0; at <= now.length; at++) {
    const flag = at === now.length ? 0 : flags[at]! | (now[at] === before[at] ? 0 : WRITTEN | CHANGED)
    if (flag === current) continue
    if (current !== 0) stretches.push([start, at, current])
    start = at
    current = flag
  }
  return stretches
}

function accessOf(marks: Marks, from: number, to: number, isWritten: boolean): Access {
  const { strand, view } = marks
  const place = new Place(view, labelOf(view.object, from, to))
  return {
    strand,
    place,
    isRead: !isWritten,
    isWritten,
    isChange: isWritten,
    isTaken: false,
    isImplied: false,
    readAt: isWritten ? undefined : lineOf(marks.readAt, from),
    writtenAt: isWritten ? lineOf(marks.writtenAt, from) : undefined,
    before: undefined,
  }
}

// The access that covers a byte began there or, with large elements, shortly before; one of many elements, long before.
function lineOf(lines: ReadonlyMap<number, Trace>, from: number): Trace | undefined {
  for (let at = from; at > from - 8; at--) if (lines.has(at)) return lines.get(at)
  let best: Trace | undefined
  for (const [at, line] of lines) if (at <= from) best = line
  return best
}

function labelOf(view: object, from: number, to: number): unknown {
  const start = startOf(view)
  const size = (view as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT
  const [first, last] = [from, to - 1].map((at) => Math.floor((at - start) / (size ?? 1)))
  const range = first === last ? `${first}` : `${first}–${last}`
  return size === undefined ? `(byte${first === last ? '' : 's'} ${range})` : first === last ? first : range
}
