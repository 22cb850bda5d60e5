import { Dispatcher, type DispatchLane } from '../../src/executors/dispatcher.js'
import type { Executor, ExecutorCall } from '../../src/protocol.js'

/** What the program itself costs, in ms of a processor: `docs/scaling.md` says how these are measured. */
export interface Costs {
  /** The main thread: a call, from the line that makes it to its commit. */
  readonly call: number
  /** The main thread: a batch sent, and a report taken in. */
  readonly batch: number
  readonly report: number
  /** A worker: waking up for a batch, and what a call takes besides its method. */
  readonly wake: number
  readonly run: number
}

export interface Machine {
  readonly processors: number
  readonly workers: number
  readonly costs: Costs
  /** How long a method runs, in ms. */
  duration(call: ExecutorCall): number
}

// As the executor of real threads does.
const POLL_EVERY = 32
const FLUSH_AFTER = 12

/**
 * A machine that is only calculated: the real scheduler and dispatcher run on it, its workers and its time are virtual. Threads
 * that are busy share its processors evenly. Calls return nothing.
 */
export class VirtualMachine implements Executor {
  readonly name = 'a virtual machine'
  readonly importsModules = false
  /** Virtual time since the beginning, in ms. */
  now = 0
  /** Time that methods ran, all workers together. */
  worked = 0
  readonly #machine: Machine
  readonly #dispatcher: Dispatcher<VirtualLane>
  readonly #timers: { at: number; run: () => void }[] = []
  readonly #reports: { lane: VirtualLane; calls: ExecutorCall[]; time: number }[] = []
  #unpolled = 0

  constructor(machine: Machine) {
    this.#machine = machine
    this.#dispatcher = new Dispatcher({
      lanes: machine.workers,
      batch: 'auto',
      clock: {
        now: () => this.now,
        later: (milliseconds, run) => this.#timers.push({ at: this.now + milliseconds, run }),
      },
      start: () => new VirtualLane(this),
    })
  }

  get machine(): Machine {
    return this.#machine
  }

  submit(call: ExecutorCall): void {
    this.spend(this.#machine.costs.call)
    this.#dispatcher.submit(call)
    if (++this.#unpolled >= POLL_EVERY) this.poll()
  }

  flush(): void {
    this.#dispatcher.flush()
  }

  poll(): boolean {
    this.#unpolled = 0
    const reports = this.#reports.splice(0)
    for (const { lane, calls, time } of reports) {
      this.spend(this.#machine.costs.report)
      lane.take(calls.length)
      this.#dispatcher.timed(calls[0]!, time, calls.length)
      for (const call of calls) call.succeed(undefined)
      this.#dispatcher.reported()
    }
    return reports.length > 0
  }

  block(): void {
    this.flush()
    while (!this.poll()) this.#advance(Number.POSITIVE_INFINITY, false)
  }

  checkShared(_: readonly number[], done: () => void): void {
    done()
  }

  async close(): Promise<void> {}
  async [Symbol.asyncDispose](): Promise<void> {}

  /** The main thread is busy for so long. */
  spend(milliseconds: number): void {
    for (let left = milliseconds; left > 0; ) left -= this.#advance(left, true)
  }

  report(lane: VirtualLane, calls: ExecutorCall[], time: number): void {
    this.#reports.push({ lane, calls, time })
  }

  // Lets time go on until something happens, or the main thread has worked for so long. Gives the time that it has worked.
  #advance(work: number, isMainBusy: boolean): number {
    const busy = this.#dispatcher.lanes.filter(({ left }) => left > 0)
    const rate = Math.min(1, this.#machine.processors / (busy.length + (isMainBusy ? 1 : 0)))
    const timer = Math.min(...this.#timers.map(({ at }) => at))
    const step = Math.min(work / rate, ...busy.map(({ left }) => left / rate), timer - this.now)
    if (step === Number.POSITIVE_INFINITY) throw new Error('nothing is under way: a call was lost')
    this.now += step
    for (const lane of busy) lane.work(step * rate, step * rate >= lane.left - TINY)
    for (const due of this.#timers.filter(({ at }) => at <= this.now)) {
      this.#timers.splice(this.#timers.indexOf(due), 1)
      due.run()
    }
    return step * rate
  }
}

const TINY = 1e-12

interface VirtualBatch {
  readonly calls: ExecutorCall[]
  begun: number
  unreported: number
}

class VirtualLane implements DispatchLane {
  lastRoute = 0
  heardAt = 0
  /** What the worker still has to do before something happens, in ms. */
  left = 0
  readonly #vm: VirtualMachine
  readonly #batches: VirtualBatch[] = []
  // The batch of which a call is running.
  #running: VirtualBatch | undefined
  // What has not been reported, and the time that it took.
  #done: ExecutorCall[] = []
  #time = 0
  // What the call that is running, or the last one, took of it.
  #callTime = 0

  constructor(vm: VirtualMachine) {
    this.#vm = vm
  }

  get batches(): number {
    return this.#batches.length
  }

  get isReady(): boolean {
    return true
  }

  get lastJob(): object | undefined {
    return (this.#done.at(-1) ?? this.#batches.at(-1)?.calls.at(-1))?.job
  }

  get behind(): number {
    const unbegun = this.#batches.reduce((sum, { calls, begun }) => sum + calls.length - begun, 0)
    return Math.max(0, this.#running === undefined ? unbegun - 1 : unbegun)
  }

  send(calls: readonly ExecutorCall[]): void {
    const { costs } = this.#vm.machine
    this.#vm.spend(costs.batch)
    if (this.#batches.length === 0) this.heardAt = this.#vm.now
    // It sleeps as soon as it has nothing to do, whether or not its last report has been taken in.
    if (this.left === 0) this.left = costs.wake
    this.#batches.push({ calls: calls.slice(), begun: 0, unreported: calls.length })
    this.lastRoute = calls.at(-1)!.route.id
  }

  recall(): ExecutorCall[] {
    const recalled = this.#batches.flatMap((batch) => {
      batch.unreported -= batch.calls.length - batch.begun
      return batch.calls.splice(batch.begun)
    })
    this.#dropReported()
    return recalled
  }

  recallCancelled(): ExecutorCall[] {
    return this.#batches.some(({ calls, begun }) => calls.slice(begun).some(({ isCancelled }) => isCancelled))
      ? this.recall()
      : []
  }

  /** A report of so many calls has been taken in. */
  take(count: number): void {
    this.heardAt = this.#vm.now
    this.#batches[0]!.unreported -= count
    this.#dropReported()
  }

  /** The worker was busy for so long, which may be all that it had to do for now. */
  work(milliseconds: number, isAll: boolean): void {
    this.left = isAll ? 0 : this.left - milliseconds
    if (this.#running !== undefined) {
      this.#time += milliseconds
      this.#callTime += milliseconds
      this.#vm.worked += milliseconds
    }
    if (!isAll) return
    this.#endCall()
    this.#beginCall()
  }

  #endCall(): void {
    const batch = this.#running
    if (batch === undefined) return
    this.#running = undefined
    this.#done.push(batch.calls[batch.begun - 1]!)
    if (batch.begun < batch.calls.length && this.#time + this.#callTime <= FLUSH_AFTER) return
    this.#vm.report(this, this.#done, this.#time)
    this.#done = []
    this.#time = 0
  }

  #beginCall(): void {
    const batch = this.#batches.find(({ calls, begun }) => begun < calls.length)
    if (batch === undefined) return
    const { duration, costs } = this.#vm.machine
    this.#running = batch
    this.#callTime = 0
    this.left = costs.run + duration(batch.calls[batch.begun++]!)
  }

  #dropReported(): void {
    while (this.#batches[0]?.unreported === 0) this.#batches.shift()
  }
}
