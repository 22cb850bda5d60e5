import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { SLOTS, type Starts } from './starts.js'

/**
 * The same counts in a file, for a worker in another process: the operating system shows both sides at once what either
 * writes. A file cannot be added to atomically, so each number has one writer. The worker says how many calls it has begun and
 * then looks how many it may; who takes calls back says that it is about to, looks how many have begun, and writes that down as
 * the limit. Whichever is second sees the other, and a worker that comes in between waits for the limit.
 */
export class FileStarts implements Starts {
  readonly path: string
  readonly #file: number
  readonly #limits = new Array<number>(SLOTS).fill(NONE)
  #slot = 0
  #begun = 0
  #arrived = 0

  private constructor(path: string, flags: string) {
    this.path = path
    this.#file = openSync(path, flags, 0o600)
  }

  /**
   * The main thread's side.
   * @throws {Error} if there is no folder in which a file can be made
   */
  static create(): FileStarts {
    let cause: unknown
    for (const folder of FOLDERS) {
      try {
        const name = `deco-ts-${process.pid}-${threadId}-${process.hrtime.bigint()}`
        const starts = new FileStarts(join(folder, name), 'wx+')
        starts.#write(ARRIVED, 0)
        for (let slot = 0; slot < SLOTS; slot++) starts.reset(slot)
        return starts
      } catch (error) {
        cause = error
      }
    }
    throw new Error(
      `Cannot start a worker process: there is no folder for a file of a few bytes that it shares with this process ` +
        `(${FOLDERS.join(', ')}). Way out: make one of them writable, name another one in TMPDIR, or use threads().`,
      { cause },
    )
  }

  /** The worker's side. Nobody else opens the file: its name goes, and it with the last of the two processes. */
  static open(path: string): FileStarts {
    const starts = new FileStarts(path, 'r+')
    rmSync(path, { force: true })
    return starts
  }

  close(): void {
    closeSync(this.#file)
    rmSync(this.path, { force: true })
  }

  reset(slot: number): void {
    this.#limits[slot] = NONE
    this.#write(begunAt(slot), 0)
    this.#write(limitAt(slot), NONE)
  }

  arrive(slot: number): void {
    this.#slot = slot
    this.#begun = 0
    this.#write(ARRIVED, ++this.#arrived)
  }

  take(slot: number): boolean {
    if (slot !== this.#slot)
      throw new RangeError(`Cannot begin a call of batch slot ${slot}: slot ${this.#slot} is running.`)
    this.#write(begunAt(slot), ++this.#begun)
    for (;;) {
      const limit = this.#read(limitAt(slot))
      if (limit !== DECIDING) return limit === NONE || this.#begun <= limit
    }
  }

  get arrived(): number {
    return this.#read(ARRIVED)
  }

  begun(slot: number): number {
    return Math.min(this.#read(begunAt(slot)), this.#limits[slot]!)
  }

  recall(slot: number): number {
    if (this.#limits[slot] === NONE) {
      this.#write(limitAt(slot), DECIDING)
      const begun = this.#read(begunAt(slot))
      this.#write(limitAt(slot), begun)
      this.#limits[slot] = begun
    }
    return this.#limits[slot]!
  }

  // A number stands beside its complement: a reader that finds it half written looks again.
  #write(at: number, value: number): void {
    WORD[0] = value
    WORD[1] = ~value
    writeSync(this.#file, WORD, 0, BYTES, at * BYTES)
  }

  #read(at: number): number {
    for (let tries = 0; tries < MANY; tries++) {
      readSync(this.#file, WORD, 0, BYTES, at * BYTES)
      if (WORD[0] === ~WORD[1]! >>> 0) return WORD[0]!
    }
    throw new Error(`Cannot read how many calls have begun: ${this.path} holds something else.`)
  }
}

const WORD = new Uint32Array(2)
const BYTES = WORD.byteLength
const MANY = 10_000

// No limit, and one that is being decided.
const NONE = 2 ** 32 - 1
const DECIDING = NONE - 1

const ARRIVED = 2 * SLOTS
const begunAt = (slot: number) => 2 * slot
const limitAt = (slot: number) => 2 * slot + 1

// Memory where the system has a folder of it: a file on a disk would be written there now and then.
const FOLDERS = process.platform === 'linux' ? ['/dev/shm', tmpdir()] : [tmpdir()]
