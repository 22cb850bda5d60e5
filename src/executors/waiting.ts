import type { ExecutorCall } from '../protocol.js'
import { Queue } from '../queue.js'

interface JobCalls {
  readonly job: object
  readonly calls: Queue<ExecutorCall>
}

/** The calls that wait for a lane: those of each job in their order, and the jobs take turns. */
export class Waiting {
  readonly #jobs = new Map<object, JobCalls>()
  // Jobs of which calls wait, the one whose turn it is first.
  #turns: JobCalls[] = []
  // An empty one.
  #spare: Queue<ExecutorCall> | undefined
  // The job of which a call came last.
  #last: JobCalls | undefined
  #length = 0

  /** Number of calls. */
  get length(): number {
    return this.#length
  }

  /** Number of calls of the job whose turn it is: more than that are of several jobs. */
  get ofOneJob(): number {
    return this.#turns[0]?.calls.length ?? 0
  }

  /** Number of jobs that have calls here. */
  get jobs(): number {
    return this.#turns.length
  }

  /** The i-th call of those that would be taken. */
  at(i: number): ExecutorCall {
    let turn = 0
    for (; i >= this.#turns[turn]!.calls.length; turn++) i -= this.#turns[turn]!.calls.length
    return this.#turns[turn]!.calls.at(i)
  }

  /** `true` if it is the first call of its job here. */
  push(call: ExecutorCall): boolean {
    if (this.#last?.job !== call.job) this.#last = this.#jobs.get(call.job) ?? this.#add(call.job)
    this.#length++
    return this.#last.calls.push(call) === 1
  }

  /**
   * Puts calls before all others of their jobs: they have been taken, and must be taken again. These jobs are next, or they
   * have had their turn.
   */
  unshift(calls: readonly ExecutorCall[], isNext = true): void {
    const groups = new Map<object, ExecutorCall[]>()
    for (const call of calls) {
      const group = groups.get(call.job)
      if (group === undefined) groups.set(call.job, [call])
      else group.push(call)
    }
    const turns: JobCalls[] = []
    for (const [job, group] of groups) {
      const turn = this.#jobs.get(job) ?? this.#add(job)
      turn.calls.unshift(group)
      turns.push(turn)
    }
    this.#length += calls.length
    const others = this.#turns.filter((turn) => !turns.includes(turn))
    this.#turns = isNext ? [...turns, ...others] : [...others, ...turns]
  }

  /** Takes the first `count` calls. The turn goes to the job after the one of the last. */
  take(count: number): ExecutorCall[] {
    const taken: ExecutorCall[][] = []
    for (let left = Math.min(count, this.#length); left > 0; ) {
      const turn = this.#turns[0]!
      const calls = turn.calls.take(left)
      taken.push(calls)
      left -= calls.length
      this.#length -= calls.length
      if (turn.calls.length === 0) this.#drop(turn)
      else if (this.#turns.length > 1) this.#turns.push(this.#turns.shift()!)
    }
    return taken.length === 1 ? taken[0]! : taken.flat()
  }

  /** Takes the last `count` calls, or as many as there are, of the job whose turn is last. */
  takeLast(count: number): ExecutorCall[] {
    const turn = this.#turns.at(-1)
    if (turn === undefined || count === 0) return []
    const calls = turn.calls.takeLast(count)
    this.#length -= calls.length
    if (turn.calls.length === 0) this.#drop(turn)
    return calls
  }

  /** Drops calls that are cancelled: the first ones of a job. */
  dropCancelled(): void {
    for (const turn of this.#turns.slice()) {
      const { calls } = turn
      let count = 0
      while (count < calls.length && calls.at(count).isCancelled) count++
      calls.take(count)
      this.#length -= count
      if (calls.length === 0) this.#drop(turn)
    }
  }

  #add(job: object): JobCalls {
    const turn = { job, calls: this.#spare ?? new Queue<ExecutorCall>() }
    this.#spare = undefined
    this.#jobs.set(job, turn)
    this.#turns.push(turn)
    return turn
  }

  // A job that is done is not held on to.
  #drop(turn: JobCalls): void {
    this.#spare = turn.calls
    this.#jobs.delete(turn.job)
    this.#turns.splice(this.#turns.indexOf(turn), 1)
    if (this.#last === turn) this.#last = undefined
  }
}
