import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { WorkerEnd } from '../executors/deaths.js'
import { startWorker, type Worker } from '../executors/pool.js'
import { Pulse } from '../executors/pulse.js'
import type { BridgeSetup, FromBridge, ProducerOptions, ToBridge } from './bridge-messages.js'

const BRIDGE = new URL('../bullmq/bridge.js', import.meta.url).href

/** The main thread's end of its thread for Redis. Messages are taken with the event loop, or without it when it is blocked. */
export class Link {
  readonly #port: MessagePort
  readonly #pulse = new Pulse()
  readonly #answered = new Int32Array(new SharedArrayBuffer(4))
  readonly #worker: Worker
  readonly #take: (message: FromBridge) => void
  #seen = 0
  #isClosed = false

  /** `ended` is told when the thread is gone though nobody closed it. */
  constructor(producer: ProducerOptions, take: (message: FromBridge) => void, ended: (end: WorkerEnd) => void) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#take = take
    port1.on('message', take)
    port1.unref()
    const setup: BridgeSetup<MessagePort> = {
      ...{ port: port2, pulse: this.#pulse.otherEnd, answered: this.#answered },
      producer,
    }
    // What the program's own threads load before they run is not for this one.
    this.#worker = startWorker(BRIDGE, setup, [port2, this.#pulse.otherEnd], { execArgv: [] })
    void this.#worker.ended.then((end) => this.#isClosed || ended(end))
  }

  post(message: ToBridge): void {
    this.#port.postMessage(message)
  }

  /** Whether the process is to live for what may come. */
  set isAwaited(isAwaited: boolean) {
    if (isAwaited) this.#port.ref()
    else this.#port.unref()
  }

  /** Takes in what has arrived, without the event loop. `false` if there was nothing. */
  poll(): boolean {
    const answered = Atomics.load(this.#answered, 0)
    if (answered === this.#seen) return false
    let any = false
    for (let entry = this.#next(); entry !== undefined; entry = this.#next()) {
      any = true
      this.#take(entry.message)
    }
    // Not before all is taken in: who is told of a call may look for the rest.
    this.#seen = answered
    return any
  }

  /** Sleeps until something has arrived, at most for so many ms. */
  sleep(milliseconds: number): void {
    Atomics.wait(this.#answered, 0, this.#seen, milliseconds)
  }

  /** Whether the thread is gone, as far as that can be seen without the event loop. */
  get hasEnded(): boolean {
    return this.#pulse.hasStopped
  }

  /** Has the thread take leave of Redis, and waits until it is gone. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#worker.ref()
    this.post({ close: true })
    await this.#worker.ended
    this.#port.close()
    await this.#worker.stop()
  }

  #next(): { message: FromBridge } | undefined {
    return receiveMessageOnPort(this.#port) as { message: FromBridge } | undefined
  }
}
