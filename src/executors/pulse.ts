import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'

/**
 * Tells whether a worker is alive, also while this thread is blocked and hears of no event. The worker holds the other end
 * of a channel on which nothing is ever sent; however the worker ends, its end closes.
 */
export class Pulse {
  /** To be transferred to the worker. */
  readonly otherEnd: MessagePort
  #port: MessagePort

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.otherEnd = port2
  }

  /** Whether the worker has ended. */
  get hasStopped(): boolean {
    // A port takes notice that its other end is gone when it looks for messages. From then on it cannot be transferred, which
    // is the one thing by which a closed port can be told without the event loop.
    receiveMessageOnPort(this.#port)
    try {
      this.#port = structuredClone(this.#port, { transfer: [this.#port] })
      return false
    } catch {
      return true
    }
  }
}
