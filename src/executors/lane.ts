import { MessageChannel, type MessagePort, receiveMessageOnPort, type TransferListItem } from 'node:worker_threads'
import type { Batch, ExecutorCall, LaneSetup, Numbered, Report } from '../protocol.js'
import { Queue } from '../queue.js'
import { bringHome } from '../values/realm.js'
import { Arrival } from './arrival.js'
import { faultOf } from './check-report.js'
import { closed, crashed, type Death, garbled, type Part, takeRerun, takeRetry } from './deaths.js'
import { decodeFailure } from './decode-failure.js'
import type { DispatchLane } from './dispatcher.js'
import { LaneTrace } from './lane-trace.js'
import { Outstanding } from './outstanding.js'
import type { LaneWorker } from './pool.js'
import { Pulse } from './pulse.js'
import { Sent } from './sent.js'
import type { Sight, WatchedLane } from './watch.js'

/** Who a lane tells what happens on it. */
export interface LaneOwner {
  /** What users call the executor. */
  readonly name: string
  /** How many workers it may have. */
  readonly most: number
  /** How long some calls took together, `call` the first of them, in ms by the worker's own clock. */
  timed(call: ExecutorCall, milliseconds: number, calls: number): void
  /** Calls are to be told what came of them. */
  tell(arrival: Arrival): void
  /** Calls are on their way. */
  sent(lane: Lane, calls: readonly ExecutorCall[]): void
  /** A report has been taken in: the lane may have room. */
  reported(): void
  /** It was given a call that may not run for as long as it likes. */
  watch(): void
  /** The lane takes no more calls; its worker is gone when `stopped` is settled. */
  died(lane: Lane, stopped: Promise<void>): void
  /** Calls that must run elsewhere. */
  takeBack(calls: readonly ExecutorCall[]): void
}

/** Starts the worker of a lane. */
export type StartWorker = (setup: LaneSetup<MessagePort>) => LaneWorker

/** One worker and the calls that it was given: they are run, and reported, in the order in which they were sent. */
export class Lane implements DispatchLane, WatchedLane {
  readonly #owner: LaneOwner
  readonly #port: MessagePort
  readonly #asked = counter()
  readonly #pulse = new Pulse()
  readonly #worker: LaneWorker
  readonly #sent = new Sent()
  readonly #trace: LaneTrace
  readonly #calls: Outstanding
  readonly #checks = new Queue<(error?: unknown) => void>()
  // Calls have been taken back since the worker was last heard of.
  #isCut = false
  // The worker asked to be replaced.
  #isFull = false
  #isDead = false
  // The worker has sent what is no report.
  #isBroken = false
  // Messages to the worker, and from it.
  #posted = 0
  #reports = 0
  // What the worker said when it ended.
  #lastWords: Death | undefined
  #stopped: Promise<void> | undefined
  /** The route of its last call. */
  lastRoute = 0
  /** When it was last heard of, or given something to do after a rest. */
  heardAt = 0

  constructor(owner: LaneOwner, answered: Int32Array, start: StartWorker) {
    this.#owner = owner
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    port1.on('message', (message: unknown) => this.#receive(message))
    port1.on('messageerror', () => this.#break('it cannot be read'))
    port1.unref()
    const { otherEnd: pulse } = this.#pulse
    try {
      this.#worker = start({ port: port2, asked: this.#asked, answered, pulse })
    } catch (error) {
      for (const port of [port1, pulse]) port.close()
      throw error
    }
    this.#trace = new LaneTrace(owner.name, owner.most)
    this.#calls = new Outstanding(this.#worker.starts, ({ trace }) => this.#trace.ended(trace))
    // The calls are told when the reason is known, which takes the worker's end; the process must live to see it.
    port1.on('close', () => this.#isAwaited && this.#worker.ref())
    void this.#worker.ended.then((end) => this.#die(crashed(end)))
  }

  /** Batches that have been sent and not wholly reported. */
  get batches(): number {
    return this.#calls.batches
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
    return !this.#isCut && !this.#isFull && this.#calls.hasSlot
  }

  get lastJob(): object | undefined {
    return this.#calls.length === 0 ? undefined : this.#calls.at(this.#calls.length - 1).job
  }

  get behind(): number {
    return this.#calls.behind
  }

  send(calls: readonly ExecutorCall[]): void {
    if (this.#calls.length === 0) {
      this.#port.ref()
      this.heardAt = performance.now()
    }
    const batch = this.#sent.pack(calls, this.#calls.slot)
    const { isOn } = this.#trace
    const sent = this.#calls.add(calls, batch)
    if (isOn) sent.trace = this.#trace.sent(sent.number + 1, calls, batch)
    this.#owner.sent(this, calls)
    this.lastRoute = calls.at(-1)!.route.id
    this.#post(isOn ? { ...batch, isTimed: true } : batch)
    this.#wake()
    // Where a route is new its module may have to be imported first; the worker says when that is done.
    if (batch.routes === undefined) for (let i = 0; i < calls.length; i++) calls[i]!.began()
    if (calls.some(({ route }) => route.timeout !== undefined)) this.#owner.watch()
  }

  recall(): ExecutorCall[] {
    const calls = this.#calls.recall()
    this.#isCut ||= calls.length > 0
    return calls
  }

  /** Takes back the calls that have not begun if there are some among them for which nobody waits. */
  recallCancelled(): ExecutorCall[] {
    return this.#calls.hasCancelled ? this.recall() : []
  }

  /** Asks whether the calls so far have written to one of these shared values. */
  checkShared(units: readonly number[], done: (error?: unknown) => void): void {
    this.#checks.push(done)
    this.#port.ref()
    this.#post({ slot: 0, calls: 0, route: 0, count: 0, args: [], states: [], check: units })
    this.#wake()
  }

  /** Takes in what the worker has reported, without the event loop. */
  poll(): boolean {
    let any = false
    for (let entry = this.#next(); entry !== undefined; entry = this.#next()) {
      any = true
      this.#receive(entry.message)
    }
    return any
  }

  /** Finds out, without the event loop, whether the worker has died. Its calls are told. */
  check(): void {
    if (!this.#isDead && this.#pulse.hasStopped) this.#die(crashed(this.#worker.end))
  }

  /** Stops the worker. */
  async stop(): Promise<void> {
    this.#die(closed)
    await this.#stopped
  }

  get sight(): Sight | undefined {
    const { running, importing, length } = this.#calls
    if (running !== undefined) return { call: running, isRunning: true }
    if (length > 0) return { call: importing[0] ?? this.#calls.at(0), isRunning: false }
    return this.#isCut ? { call: undefined, isRunning: false } : undefined
  }

  kill(death: Death, sight: Sight): void {
    // Nothing else begins meanwhile. If the call has just ended after all, the worker lives.
    const calls = sight.isRunning ? this.recall() : []
    this.poll()
    const now = this.sight
    const isSame = now?.call === sight.call && now?.isRunning === sight.isRunning
    if (isSame && !this.#isDead) this.#die(death, calls)
    else this.#owner.takeBack(calls)
  }

  #receive(message: unknown): void {
    if (this.#isBroken) return
    const fault = faultOf(message, { calls: this.#calls.due, checks: this.#checks.length, report: this.#reports++ })
    if (fault !== undefined) {
      this.#break(fault)
      return
    }
    const { values, times, checked, last, isFull, step } = message as Report
    if (last !== undefined) {
      const { exitCode, error } = last
      this.#lastWords = crashed({ exitCode, ...(error && { error: [decodeFailure(error)] }) })
      this.#die(this.#lastWords)
      return
    }
    if (step !== undefined) {
      // It is still busy with this call: that is no sign of its being ready for others.
      this.#calls.at(step[0]).progressed?.(step[1])
      return
    }
    this.#isCut = false
    this.heardAt = performance.now()
    if (isFull) this.#isFull = true
    if (checked !== undefined) {
      const done = this.#checks.shift()!
      this.#release()
      done(checked === null ? undefined : decodeFailure(checked))
    } else if (values.length === 0) {
      this.#release()
      this.#trace.ready()
      for (let i = 0; i < this.#calls.length; i++) this.#calls.at(i).began()
    } else {
      const isTold = this.#trace.reported(this.#calls, message as Report)
      try {
        const calls = this.#calls.take(values.length)
        this.#release()
        // One time for all means that all went one route.
        if (typeof times === 'number') this.#owner.timed(calls[0]!, times, calls.length)
        else for (const [i, time] of times.entries()) this.#owner.timed(calls[i]!, time, 1)
        bringHome(values)
        this.#owner.tell(new Arrival(calls, message as Report))
      } finally {
        if (isTold) this.#trace.taken()
      }
    }
    if (this.#isFull && !this.#isAwaited && !this.#isDead) void this.stop()
    this.#owner.reported()
  }

  #next(): { message: unknown } | undefined {
    try {
      return receiveMessageOnPort(this.#port)
    } catch {
      this.#break('it cannot be read')
      return undefined
    }
  }

  #break(fault: string): void {
    this.#isBroken = true
    this.#die(garbled(fault))
  }

  #post(batch: Batch): void {
    const message: Numbered<Batch> = { ...batch, number: this.#posted++ }
    this.#port.postMessage(message, batch.transfer as TransferListItem[] | undefined)
  }

  // Where calls were taken back others may wait for it to be ready.
  get #isAwaited(): boolean {
    return this.#isCut || this.#calls.length + this.#checks.length > 0
  }

  #release(): void {
    if (!this.#isAwaited) this.#port.unref()
  }

  #wake(): void {
    Atomics.add(this.#asked, 0, 1)
    Atomics.notify(this.#asked, 0)
  }

  // Those who have the worker's end to answer for may have a retry left; all others run again elsewhere, `recalled` among them.
  #die(reason: Death, recalled: readonly ExecutorCall[] = []): void {
    if (this.#isDead) return
    this.#isDead = true
    this.#stopped = this.#worker.stop()
    this.#trace.over()
    this.#owner.died(this, this.#stopped)
    // Its last reports may still be on their way through the event loop.
    this.poll()
    this.#port.close()
    const death = reason.isFinal ? reason : (this.#lastWords ?? reason)
    const [part, suspects] = this.#suspects()
    const innocent: ExecutorCall[] = []
    for (const call of this.#calls.clear()) {
      if (call.isCancelled) continue
      const isSuspect = suspects.includes(call)
      if (!death.isFinal && (isSuspect ? takeRetry(call) : takeRerun(call))) {
        call.progressed?.(0)
        innocent.push(call)
      } else call.fail(death.error(call, isSuspect ? part : 'none'))
    }
    for (const done of this.#checks.take(this.#checks.length)) done()
    if (part === 'none') death.warn?.()
    this.#owner.takeBack([...innocent, ...recalled])
  }

  #suspects(): [part: Part, calls: readonly ExecutorCall[]] {
    const { running, isFirst, importing } = this.#calls
    if (running !== undefined) return ['run', [running]]
    if (isFirst) return ['start', this.#calls.all]
    return importing.length > 0 ? ['import', importing] : ['none', []]
  }
}

function counter(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4))
}
