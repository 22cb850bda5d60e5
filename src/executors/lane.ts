import { MessageChannel, type MessagePort, receiveMessageOnPort, type TransferListItem } from 'node:worker_threads'
import type { Batch, ExecutorCall, LaneSetup, Report } from '../protocol.js'
import { Queue } from '../queue.js'
import { SLOTS, Starts } from '../starts.js'
import { decodeAlone } from '../values/graph.js'
import { closed, crashed, type Death, takeRerun, takeRetry } from './deaths.js'
import type { DispatchLane } from './dispatcher.js'
import { startWorker, type Worker } from './pool.js'
import { Pulse } from './pulse.js'
import { Sent } from './sent.js'

/** Who a lane tells what happens on it. */
export interface LaneOwner {
  /** How long some calls took together, in ms by the worker's own clock. */
  timed(route: number, milliseconds: number, calls: number): void
  /** A report has been taken in: the lane may have room. */
  reported(): void
  /** It was given a call that may not run for as long as it likes. */
  watch(): void
  /** The lane takes no more calls. */
  died(lane: Lane): void
  /** Calls of a lane that has died, which they have not to answer for: they must run elsewhere. */
  takeBack(calls: readonly ExecutorCall[]): void
}

interface SentBatch {
  /** Its place among the batches of the lane. */
  readonly number: number
  /** How many calls it has, and how many of them have not been reported. */
  size: number
  left: number
}

const ENTRY = new URL('../worker/thread.js', import.meta.url).href

/** One worker and the calls that it was given: they are run, and reported, in the order in which they were sent. */
export class Lane implements DispatchLane {
  readonly #owner: LaneOwner
  readonly #port: MessagePort
  readonly #asked = counter()
  readonly #starts = new Starts()
  readonly #pulse = new Pulse()
  readonly #worker: Worker
  readonly #sent = new Sent()
  readonly #calls = new Queue<ExecutorCall>()
  readonly #batches = new Queue<SentBatch>()
  readonly #checks = new Queue<(error?: unknown) => void>()
  #made = 0
  // Calls have been taken back since the worker was last heard of.
  #isCut = false
  #isDead = false
  // The worker has been heard of: it did start.
  #hasReported = false
  #seen: { readonly call: ExecutorCall; readonly since: number } | undefined
  // The last batch with which something changed hands: its calls cannot be sent again, nor can those before them be taken back.
  #fixed = -1
  /** Number of calls of the last batch. */
  lastSize = 0
  /** The route of its last call. */
  lastRoute = 0
  /** When it was last heard of, or given something to do after a rest. */
  heardAt = 0

  constructor(owner: LaneOwner, answered: Int32Array, options: Parameters<typeof startWorker>[3]) {
    this.#owner = owner
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.on('message', (report: Report) => this.#receive(report))
    // The calls are told when the reason is known, which takes the worker's end; the process must live to see it.
    port1.on('close', () => this.#isAwaited && this.#worker.ref())
    port1.unref()
    const { otherEnd: pulse } = this.#pulse
    const setup: LaneSetup = { port: port2, asked: this.#asked, starts: this.#starts.counts, answered, pulse }
    this.#worker = startWorker(ENTRY, setup, [port2, pulse], options)
    void this.#worker.ended.then((cause) => this.#die(crashed(cause)))
  }

  /** Batches that have been sent and not wholly reported. */
  get batches(): number {
    return this.#batches.length
  }

  /** Whether nobody waits for anything of it. */
  get isIdle(): boolean {
    return !this.#isAwaited
  }

  /**
   * Whether a call that is sent now can be expected to begin soon. A lane from which calls were taken back is busy until it
   * is heard of.
   */
  get isReady(): boolean {
    return !this.#isCut
  }

  /** Number of calls that wait behind another one and can be taken back: what was moved to a worker stays there. */
  get behind(): number {
    let behind = 0
    let isFirst = true
    for (let i = 0; i < this.#batches.length; i++) {
      const { number, size, left } = this.#batches.at(i)
      const begun = this.#starts.begun(number % SLOTS)
      const isRunning = begun > size - left
      if (number > this.#fixed) behind += isFirst && !isRunning ? size - begun - 1 : size - begun
      isFirst = false
    }
    return behind
  }

  send(calls: readonly ExecutorCall[]): void {
    if (this.#calls.length === 0) {
      this.#port.ref()
      this.heardAt = performance.now()
    }
    for (const call of calls) {
      this.#calls.push(call)
      if (call.route.timeout !== undefined) this.#owner.watch()
    }
    const number = this.#made++
    const slot = number % SLOTS
    this.#batches.push({ number, size: calls.length, left: calls.length })
    this.lastSize = calls.length
    this.lastRoute = calls.at(-1)!.route.id
    const batch = this.#sent.pack(calls, slot)
    this.#starts.reset(slot)
    this.#port.postMessage(batch, batch.transfer as TransferListItem[] | undefined)
    if (batch.transfer !== undefined) this.#fixed = number
    this.#wake()
    // Where a route is new its module may have to be imported first; the worker says when that is done.
    if (batch.routes === undefined) for (const call of calls) call.began()
  }

  /** Takes back the calls that have not begun. */
  recall(): ExecutorCall[] {
    let count = 0
    for (let i = 0; i < this.#batches.length; i++) {
      const batch = this.#batches.at(i)
      if (batch.number <= this.#fixed) continue
      const begun = this.#starts.recall(batch.number % SLOTS)
      const unbegun = batch.size - begun
      batch.size = begun
      batch.left -= unbegun
      count += unbegun
    }
    this.#isCut ||= count > 0
    this.#dropReported()
    const calls = this.#calls.takeLast(count)
    this.#release()
    return calls
  }

  /** Asks whether the calls so far have written to one of these shared values. */
  checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    this.#checks.push(done)
    this.#port.ref()
    this.#port.postMessage({
      slot: 0,
      calls: 0,
      route: 0,
      count: 0,
      args: [],
      states: [],
      check: units,
    } satisfies Batch)
    this.#wake()
  }

  /** Takes in what the worker has reported, without the event loop. */
  poll(): boolean {
    let any = false
    for (let entry = receiveMessageOnPort(this.#port); entry !== undefined; entry = receiveMessageOnPort(this.#port)) {
      any = true
      this.#receive(entry.message as Report)
    }
    return any
  }

  /** Finds out, without the event loop, whether the worker has died. Its calls are told. */
  check(): boolean {
    if (!this.#isDead && this.#pulse.hasStopped) this.#die(crashed())
    return this.#isDead
  }

  async stop(): Promise<void> {
    this.#die(closed)
    await this.#worker.stop()
  }

  /** Stops the worker, whatever it is doing; the call that is running has it to answer for. */
  kill(death: Death): void {
    this.#die(death)
    void this.#worker.stop()
  }

  /** The call that is running, and since when it has been seen to. */
  look(now: number): { readonly call: ExecutorCall; readonly since: number } | undefined {
    const begun = this.#begun
    const call = begun > 0 ? this.#calls.at(begun - 1) : undefined
    if (call !== this.#seen?.call) this.#seen = call && { call, since: now }
    return this.#seen
  }

  #receive({ values, replies = [], failures = [], times, checked }: Report): void {
    this.#isCut = false
    this.#hasReported = true
    this.heardAt = performance.now()
    if (checked !== undefined) {
      const done = this.#checks.shift()!
      this.#release()
      done(checked === null ? undefined : decodeAlone(checked))
      return
    }
    if (values.length === 0) {
      for (let i = 0; i < this.#calls.length; i++) this.#calls.at(i).began()
      this.#owner.reported()
      return
    }
    const calls = this.#calls.take(values.length)
    this.#batches.at(0).left -= calls.length
    this.#dropReported()
    this.#release()
    // One time for all means that all went one route.
    if (typeof times === 'number') this.#owner.timed(calls[0]!.route.id, times, calls.length)
    else for (const [i, time] of times.entries()) this.#owner.timed(calls[i]!.route.id, time, 1)
    let reply = 0
    let failure = 0
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!
      if (replies[reply]?.[0] === i) call.reply(replies[reply++]![1])
      else if (failures[failure]?.[0] === i) call.fail(decodeAlone(failures[failure++]![1]))
      else call.succeed(values[i])
    }
    this.#owner.reported()
  }

  #dropReported(): void {
    while (this.#batches.length > 0 && this.#batches.at(0).left === 0) this.#batches.shift()
  }

  get #isAwaited(): boolean {
    return this.#calls.length + this.#checks.length > 0
  }

  #release(): void {
    if (!this.#isAwaited) this.#port.unref()
  }

  #wake(): void {
    Atomics.add(this.#asked, 0, 1)
    Atomics.notify(this.#asked, 0)
  }

  // How many calls have begun and are not reported: the last of them is running, or about to be reported.
  get #begun(): number {
    let begun = 0
    for (let i = 0; i < this.#batches.length; i++) {
      const { number, size, left } = this.#batches.at(i)
      begun += this.#starts.begun(number % SLOTS) - (size - left)
    }
    return begun
  }

  // The call that ran when the worker died has it to answer for; the others run again elsewhere, but for what was moved to it.
  #die(death: Death): void {
    if (this.#isDead) return
    // Its last reports may still be on their way through the event loop. Nothing more is to come to it meanwhile.
    this.#owner.died(this)
    this.poll()
    this.#isDead = true
    this.#port.close()
    const running = this.#begun - 1
    const hasStarted = this.#hasReported || running >= 0
    const calls = this.#calls.take(this.#calls.length)
    this.#batches.take(this.#batches.length)
    const innocent: ExecutorCall[] = []
    for (const [i, call] of calls.entries()) {
      if (call.isCancelled) continue
      const isToBlame = i === running || !hasStarted
      if (death.isFinal || !(isToBlame ? takeRetry(call) : takeRerun(call))) call.fail(death.error(call))
      else innocent.push(call)
    }
    for (const done of this.#checks.take(this.#checks.length)) done()
    this.#owner.takeBack(innocent)
  }
}

function counter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4))
}
