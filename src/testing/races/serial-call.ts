import { PendingReadError } from '../../errors.js'
import type { Pending } from '../../future.js'
import type { Target } from '../../target.js'
import { addChanger, removeChanger } from '../../targets/changers.js'
import type { CallStrand } from './place.js'

/** Who has a call in hand. */
export interface SerialOwner {
  /** Commits the calls up to one whose result is needed. `false` where the thread may not block. */
  waitFor(call: SerialCall): boolean
  /** Commits the calls up to one as soon as the event loop comes to it. */
  commitSoon(call: SerialCall): void
  told(error: unknown): void
  advance(): void
  /** How users name one of the job's targets. */
  nameOf(target: object): string
}

/** One call, as those see it who hold its Future. */
export class SerialCall implements Pending {
  readonly strand: CallStrand
  readonly #owner: SerialOwner
  #state: 'open' | 'arrived' | 'committed' | 'failed' = 'open'
  #result: unknown
  readonly #others: (() => void)[] = []

  constructor(owner: SerialOwner, strand: CallStrand) {
    this.#owner = owner
    this.strand = strand
  }

  get isCommitted(): boolean {
    return this.#state === 'committed'
  }

  get hasResult(): boolean {
    return this.#state === 'arrived' || this.isCommitted
  }

  get isOver(): boolean {
    return this.isCommitted || this.#state === 'failed'
  }

  get result(): unknown {
    return this.#result
  }

  describe(): string {
    return `call ${this.strand.number} of ${this.strand.name}`
  }

  settled(onValue: (value: unknown) => void, onError: (error: unknown) => void): void {
    this.#after(() => (this.isCommitted ? onValue(this.#result) : onError(this.#result)))
    if (!this.isOver) this.#owner.commitSoon(this)
  }

  read(target: object, slot: string, role = 'will fill it'): unknown {
    if (!this.isOver && !this.#owner.waitFor(this)) {
      throw new PendingReadError(
        `Cannot read ${this.#owner.nameOf(target)}${slot}: ${this.describe()}, which ${role}, is not committed yet. Way out: ` +
          '`await this.wait()`, or read it in a @synchronized method that is not async.',
      )
    }
    if (this.isCommitted) return this.#result
    this.told()
    throw this.#result
  }

  told(): void {
    this.#owner.told(this.#result)
  }

  advance(): void {
    this.#owner.advance()
  }

  feed(target: Target, key: unknown): void {
    this.#after(() => this.isCommitted && target.fill(key, this, this.#result))
  }

  /** Has the caller's reads of these objects wait for the call. */
  mayChange(objects: Iterable<object>): void {
    const held = addChanger(this, objects)
    this.#after(() => removeChanger(this, held))
  }

  arrive(result: unknown): void {
    if (this.isOver) return
    this.#state = 'arrived'
    this.#result = result
  }

  commit(): void {
    this.#end('committed', this.#result)
  }

  fail(error: unknown): void {
    this.#end('failed', error)
  }

  #end(state: 'committed' | 'failed', result: unknown): void {
    this.#state = state
    this.#result = result
    for (const tell of this.#others.splice(0)) tell()
  }

  #after(tell: () => void): void {
    if (this.isOver) tell()
    else this.#others.push(tell)
  }
}
