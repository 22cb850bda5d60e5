import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Arrivals } from './arrivals.js'

// An idle lane first sleeps where it wakes fastest, and only then lets its event loop turn.
const NAP = 2

/** The batches that a lane was sent, taken without the event loop as long as they keep coming. */
export class Inbox<T> {
  readonly #port: MessagePort
  readonly #asked: Int32Array
  // Whatever arrives while the event loop turns lands here.
  readonly #arrived = new Arrivals<T>()
  #seen = 0

  constructor(port: MessagePort, asked: Int32Array) {
    this.#port = port
    this.#asked = asked
    port.on('message', (message: T) => this.#arrived.push(message))
    // A message that is lost would leave its calls waiting for ever: with the worker, they end.
    port.on('messageerror', (error) => {
      throw error
    })
  }

  /** The next message if it is there, or comes within a moment. */
  poll(): T | undefined {
    const message = this.#take()
    if (message !== undefined) return message
    Atomics.wait(this.#asked, 0, this.#seen, NAP)
    return this.#take()
  }

  /** The next message, whenever it comes. */
  next(): Promise<T> {
    return this.#arrived.next()
  }

  #take(): T | undefined {
    this.#seen = Atomics.load(this.#asked, 0)
    return this.#arrived.poll() ?? (receiveMessageOnPort(this.#port)?.message as T | undefined)
  }
}
