import { AsyncLocalStorage } from 'node:async_hooks'
import { type Access, type CallStrand, type Held, KEYS, type Place, Shadow } from './place.js'
import { Touches } from './touches.js'
import { Trace } from './trace.js'

/** Is told of two accesses of one place that nothing orders, the earlier in program order first. */
export type OnRace = (earlier: Access, later: Access) => void

// So many lines are looked up in a phase: a look costs some microseconds, and what is kept of it a kilobyte.
const LINES = 50_000

/** Shadow memory: for every place, who has read and who has written it in this phase. */
export class Memory {
  readonly #shadows = new WeakMap<object, Shadow>()
  readonly #touched = new Set<Shadow>()
  readonly #onRace: OnRace
  #lines = LINES
  readonly #storage = new AsyncLocalStorage<CallStrand>()
  #running: CallStrand | undefined
  readonly #touches = new Touches()
  // Async calls that have not ended: which of them the present code belongs to must be looked up.
  #open = 0
  /** The detector itself is looking at the program's objects, or a serial run would not have come here. */
  isMuted = false

  constructor(onRace: OnRace) {
    this.#onRace = onRace
  }

  /** The call that runs now. */
  get strand(): CallStrand | undefined {
    return this.#open === 0 ? this.#running : this.#storage.getStore()
  }

  /** Runs a call. `end` is told what it returned or threw, and gives what its caller is to have. */
  run(strand: CallStrand, invoke: () => unknown, end: (value: unknown) => unknown): unknown {
    this.#running = strand
    let result: unknown
    try {
      result = this.#storage.run(strand, invoke)
    } catch (error) {
      this.#running = undefined
      throw end(error)
    }
    this.#running = undefined
    if (!(result instanceof Promise)) return end(result)
    this.#open++
    const close = () => {
      this.#open--
    }
    return result.finally(close).then(end, (error) => {
      throw end(error)
    })
  }

  known(object: object): Shadow | undefined {
    return this.#shadows.get(object)
  }

  shadowOf(object: object): Shadow {
    let shadow = this.#shadows.get(object)
    if (shadow === undefined) {
      shadow = new Shadow(object)
      this.#shadows.set(object, shadow)
    }
    return shadow
  }

  /** Notes a read, unless the strand itself has written there before. `above` is whom the program called. */
  read(shadow: Shadow, key: unknown, above: Function): void {
    const { strand } = this
    if (strand === undefined) {
      const place = this.#placeForCaller(shadow, key)
      if (place !== undefined) this.#byCaller(place, false, above)
      return
    }
    const place = shadow.at(key)
    const { last } = place
    const isOwn = last !== undefined && last.strand === strand
    // Of the keys it has written some, and sees those of others all the same.
    if ((isOwn && (last.isRead || key !== KEYS)) || this.isMuted) return
    const access = isOwn ? last : this.#access(place, strand)
    access.isRead = true
    access.readAt = this.#trace(above)
  }

  /** Notes a write that is about to be made, of a `value` if there is one. */
  write(shadow: Shadow, key: unknown, above: Function, value?: unknown): void {
    const { strand } = this
    if (strand === undefined) {
      const place = this.#placeForCaller(shadow, key)
      if (place !== undefined) this.#byCaller(place, true, above, value)
      return
    }
    const place = shadow.at(key)
    if (this.isMuted) return
    let access = place.last
    if (access?.strand !== strand || !access.isWritten) {
      if (access?.strand !== strand) access = this.#access(place, strand)
      access.before = heldAt(place)
      access.isWritten = true
      access.writtenAt = this.#trace(above)
    }
  }

  /** Notes that a key is about to be taken away. */
  take(shadow: Shadow, key: unknown, above: Function): void {
    this.write(shadow, key, above)
    this.write(shadow, KEYS, above)
    const access = this.strand && shadow.at(key).last
    if (access?.strand === this.strand && access !== undefined) access.isTaken = true
  }

  /** A write that shows only now, at an unknown line. */
  foundWritten(strand: CallStrand, shadow: Shadow, key: unknown, at?: Trace | undefined): void {
    const place = shadow.at(key)
    const access = place.last?.strand === strand ? place.last : this.#access(place, strand)
    access.isImplied = key === 'length' && !access.isWritten
    access.isWritten = true
    access.isChange = true
    access.writtenAt ??= at
  }

  /** A call goes on, or begins, while its caller does. */
  goesOn(strand: CallStrand): void {
    this.#touches.begin(strand)
  }

  /** A place of an object that such a call can reach. */
  reachable(object: object, key: unknown): Place {
    const shadow = this.shadowOf(object)
    this.#touched.add(shadow)
    return shadow.at(key)
  }

  /** A call has ended: what it did is compared with what earlier ones did. */
  end(strand: CallStrand): void {
    this.#findChangedKeys(strand)
    for (const access of strand.accesses) {
      // What was there already makes a difference where an earlier call has made it another, or so it.
      if (access.isWritten && !access.isChange)
        access.isChange =
          makesDifference(access) ||
          access.place.writers.some((earlier) => earlier.isChange && strand.isParallelTo(earlier.strand!))
      this.#compare(access, strand)
    }
    for (const access of strand.accesses) {
      const { readers, writers } = access.place
      if (access.isRead) readers.push(access)
      if (access.isWritten) writers.push(access)
    }
    this.#meetTouches(strand)
  }

  /** All calls are committed: what they did comes before all that follows. */
  forget(): void {
    for (const shadow of this.#touched) shadow.forget()
    this.#touched.clear()
    this.#touches.forget()
    this.#lines = LINES
  }

  // What adds or takes away a key changes the keys, and so does what takes it away and puts it at the end; what adds or takes away an
  // element is seen by whoever looks at the length.
  #findChangedKeys(strand: CallStrand): void {
    for (const { place, before, isWritten, isTaken, writtenAt } of [...strand.accesses]) {
      if (!isWritten || before === undefined) continue
      const { shadow, key } = place
      const isList = Array.isArray(shadow.object)
      const keys = shadow.known(KEYS)?.last
      if (keys?.strand !== strand || !keys.isWritten || key === 'length') continue
      const { isThere } = place.held
      if (before.isThere !== isThere || (isTaken && isThere && !isList)) keys.isChange = true
      if (isList && before.isThere !== isThere) this.foundWritten(strand, shadow, 'length', writtenAt)
    }
  }

  #access(place: Place, strand: CallStrand): Access {
    const access: Access = {
      strand,
      place,
      isRead: false,
      isWritten: false,
      isChange: false,
      isTaken: false,
      isImplied: false,
      readAt: undefined,
      writtenAt: undefined,
      before: undefined,
    }
    place.last = access
    strand.accesses.push(access)
    this.#touched.add(place.shadow)
    return access
  }

  #trace(above: Function): Trace | undefined {
    return this.#lines-- > 0 ? new Trace(above) : undefined
  }

  #compare(later: Access, strand: CallStrand): void {
    const { readers, writers, key } = later.place
    if (writers.length === 0 && !later.isWritten) return
    const met = new Set<CallStrand>()
    const isMet = (earlier: Access) => {
      if (met.has(earlier.strand!) || !strand.isParallelTo(earlier.strand!)) return true
      met.add(earlier.strand!)
      return false
    }
    if (later.isRead)
      for (const earlier of writers) if (earlier.isChange && !isMet(earlier)) this.#onRace(earlier, later)
    // Each adds its own: none of them sees the others.
    if (!later.isWritten || key === KEYS) {
      if (later.isChange) for (const earlier of readers) if (!isMet(earlier)) this.#onRace(earlier, later)
      return
    }
    for (const earlier of writers)
      if ((earlier.isChange || later.isChange) && !(earlier.isImplied && later.isImplied) && !isMet(earlier))
        this.#onRace(earlier, later)
    if (later.isChange) for (const earlier of readers) if (!isMet(earlier)) this.#onRace(earlier, later)
  }

  #byCaller(place: Place, isWritten: boolean, above: Function, value?: unknown): void {
    if (this.isMuted) return
    if (this.#touches.areOpen) this.#touches.add(byCaller(place, isWritten, this.#trace(above), value), heldAt(place))
    const { readers, writers } = place
    const isOpen = ({ strand }: Access) => strand!.committed === Number.POSITIVE_INFINITY
    const open = [...writers.filter((access) => access.isChange && isOpen(access))]
    if (isWritten && place.key !== KEYS) open.push(...writers.filter((access) => !access.isChange && isOpen(access)))
    if (isWritten) open.push(...readers.filter((access) => isOpen(access) && !open.includes(access)))
    if (open.length === 0) return
    const at = new Trace(above)
    for (const earlier of open) this.#onRace(earlier, byCaller(place, isWritten, at, value))
  }

  #placeForCaller(shadow: Shadow, key: unknown): Place | undefined {
    return this.#touches.areOpen ? shadow.at(key) : shadow.known(key)
  }

  // What the caller did while a call was under way, it did beside it.
  #meetTouches(strand: CallStrand): void {
    for (const [earlier, { access, before }] of this.#touches.end(strand)) {
      const isRace = access.isWritten
        ? earlier.isRead || (earlier.isWritten && earlier.place.key !== KEYS)
        : earlier.isChange
      // What it found there, the caller had left.
      if (isRace) this.#onRace(access.isWritten ? { ...earlier, before } : earlier, access)
    }
  }

  /** The caller has written to a place at an unknown line. */
  foundChanged(place: Place): void {
    const { readers, writers } = place
    for (const earlier of new Set([...writers, ...readers]))
      if (earlier.strand!.committed === Number.POSITIVE_INFINITY)
        this.#onRace(earlier, byCaller(place, true, undefined))
  }
}

function byCaller(place: Place, isWritten: boolean, at: Trace | undefined, value?: unknown): Access {
  return {
    strand: undefined,
    place,
    isRead: !isWritten,
    isWritten,
    isChange: isWritten,
    isTaken: false,
    isImplied: false,
    readAt: isWritten ? undefined : at,
    writtenAt: isWritten ? at : undefined,
    before: { isThere: value !== undefined, value },
  }
}

function heldAt(place: Place): Held | undefined {
  return place.key === KEYS ? undefined : place.held
}

function makesDifference({ place, before }: Access): boolean {
  if (before === undefined) return place.key !== KEYS
  const { isThere, value } = place.held
  return isThere !== before.isThere || !Object.is(value, before.value)
}
