import type { BatchTrace } from '../channels.js'
import type { Batch, ExecutorCall } from '../protocol.js'
import { Queue } from '../queue.js'
import { SLOTS, type Starts } from '../starts.js'

/** A batch that a worker was sent. */
export interface SentBatch {
  /** Its place among the batches of the lane. */
  readonly number: number
  /** How many calls it has, and how many of them have not been reported. */
  size: number
  left: number
  /** The routes of which the worker had not heard before. */
  readonly routes: Batch['routes']
  /** What is told of it, where somebody listens. */
  trace: BatchTrace | undefined
}

/** The calls that a worker was sent and has not reported, in the order in which it runs them. */
export class Outstanding {
  readonly #starts: Starts
  readonly #calls = new Queue<ExecutorCall>()
  readonly #batches = new Queue<SentBatch>()
  readonly #ended: (batch: SentBatch) => void
  #made = 0
  // The last batch with which something changed hands: its calls cannot be sent again, nor can those before them be taken back.
  #fixed = -1

  /** `ended` is told of each batch of which nothing more will come. */
  constructor(starts: Starts, ended: (batch: SentBatch) => void = () => {}) {
    this.#starts = starts
    this.#ended = ended
  }

  /** Number of calls. */
  get length(): number {
    return this.#calls.length
  }

  /** Number of batches of which calls are outstanding. */
  get batches(): number {
    return this.#batches.length
  }

  /** The batch that the next report is of. */
  get first(): SentBatch | undefined {
    return this.#batches.length === 0 ? undefined : this.#batches.at(0)
  }

  /** How many calls the next report can be of, at most: those of one batch. */
  get due(): number {
    return this.#batches.length === 0 ? 0 : this.#batches.at(0).left
  }

  /** Where the next batch is counted. */
  get slot(): number {
    return this.#made % SLOTS
  }

  /** Whether the worker has left behind what was counted there before. */
  get hasSlot(): boolean {
    return this.#made - this.#starts.arrived < SLOTS - 1
  }

  /** Whether the worker has never come to a batch: it is starting, or cannot. */
  get isFirst(): boolean {
    return this.#starts.arrived === 0
  }

  /** Adds the calls of a batch, before the worker can see it. */
  add(calls: readonly ExecutorCall[], { routes, transfer }: Batch): SentBatch {
    this.#starts.reset(this.slot)
    const number = this.#made++
    for (let i = 0; i < calls.length; i++) this.#calls.push(calls[i]!)
    const batch = { number, size: calls.length, left: calls.length, routes, trace: undefined }
    this.#batches.push(batch)
    if (transfer !== undefined) this.#fixed = number
    return batch
  }

  at(i: number): ExecutorCall {
    return this.#calls.at(i)
  }

  /** Takes the calls that are reported next. */
  take(count: number): ExecutorCall[] {
    if (count > 0) this.#batches.at(0).left -= count
    this.#dropReported()
    return this.#calls.take(count)
  }

  /** All calls. */
  get all(): readonly ExecutorCall[] {
    return Array.from({ length: this.#calls.length }, (_, i) => this.#calls.at(i))
  }

  /** Takes all. */
  clear(): ExecutorCall[] {
    for (const batch of this.#batches.take(this.#batches.length)) this.#ended(batch)
    return this.#calls.take(this.#calls.length)
  }

  /** Number of calls that wait behind another one and can be taken back: what was moved to a worker stays there. */
  get behind(): number {
    let behind = 0
    let isFirst = true
    for (let i = 0; i < this.#batches.length; i++) {
      const batch = this.#batches.at(i)
      const begun = this.#begunOf(batch)
      const isRunning = begun > batch.size - batch.left
      if (batch.number > this.#fixed)
        behind += isFirst && !isRunning ? Math.max(0, batch.size - begun - 1) : batch.size - begun
      isFirst = false
    }
    return behind
  }

  /** Takes back the calls that have not begun. */
  recall(): ExecutorCall[] {
    let count = 0
    // The last batch first: the worker might begin it while those before it are taken back.
    for (let i = this.#batches.length - 1; i >= 0; i--) {
      const batch = this.#batches.at(i)
      if (batch.number <= this.#fixed) break
      const unbegun = batch.size - Math.min(batch.size, this.#starts.recall(batch.number % SLOTS))
      batch.size -= unbegun
      batch.left -= unbegun
      count += unbegun
    }
    const calls = this.#calls.takeLast(count)
    this.#dropReported()
    return calls
  }

  /** Whether there are calls to take back for which nobody waits. */
  get hasCancelled(): boolean {
    for (let i = this.#begun; i < this.#calls.length; i++) if (this.#calls.at(i).isCancelled) return true
    return false
  }

  /** The call that is running, or about to be reported. */
  get running(): ExecutorCall | undefined {
    const begun = this.#begun
    return begun === 0 ? undefined : this.#calls.at(begun - 1)
  }

  /** The calls that the worker cannot begin before it has imported modules which it is importing now, or is going to. */
  get importing(): readonly ExecutorCall[] {
    if (this.#batches.length === 0) return []
    const batch = this.#batches.at(0)
    const { number, size, routes } = batch
    if (routes === undefined || number !== this.#starts.arrived - 1 || this.#begunOf(batch) > 0) return []
    const calls: ExecutorCall[] = []
    for (let i = 0; i < size; i++) if (routes.includes(this.#calls.at(i).route)) calls.push(this.#calls.at(i))
    return calls
  }

  // How many calls have begun and are not reported.
  get #begun(): number {
    let begun = 0
    for (let i = 0; i < this.#batches.length; i++) {
      const batch = this.#batches.at(i)
      begun += this.#begunOf(batch) - (batch.size - batch.left)
    }
    return begun
  }

  #begunOf({ number, size }: SentBatch): number {
    return Math.min(size, this.#starts.begun(number % SLOTS))
  }

  #dropReported(): void {
    while (this.#batches.length > 0 && this.#batches.at(0).left === 0) this.#ended(this.#batches.shift()!)
  }
}
