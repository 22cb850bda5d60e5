import test from 'ava'
import { Outstanding } from '../../src/executors/outstanding.js'
import { Sent } from '../../src/executors/sent.js'
import type { ExecutorCall } from '../../src/protocol.js'
import { SharedStarts, SLOTS } from '../../src/starts.js'
import { call } from '../helpers/executor-call.js'

const ROUTES = [call(0, []).route, call(1, []).route]

/** The worker's side: it takes ticket after ticket, batch after batch. */
class Worker {
  readonly begun: ExecutorCall[] = []
  readonly #batches: { slot: number; calls: readonly ExecutorCall[] }[] = []
  readonly #starts: SharedStarts
  #next = 0

  constructor(starts: SharedStarts) {
    this.#starts = starts
  }

  send(slot: number, calls: readonly ExecutorCall[]): void {
    this.#batches.push({ slot, calls })
  }

  /** Begins one more call, if it may. */
  begin(): void {
    for (let batch = this.#batches[0]; batch !== undefined; batch = this.#batches[0]) {
      if (this.#next === 0) this.#starts.arrive()
      if (this.#next < batch.calls.length && this.#starts.take(batch.slot)) {
        this.begun.push(batch.calls[this.#next++]!)
        return
      }
      this.#batches.shift()
      this.#next = 0
    }
  }
}

function lane(starts: SharedStarts): {
  out: Outstanding
  worker: Worker
  send(count: number, routes?: boolean): ExecutorCall[]
} {
  const out = new Outstanding(starts)
  const worker = new Worker(starts)
  const sent = new Sent()
  const send = (count: number, isNew = false) => {
    const calls = Array.from({ length: count }, (_, n) => ({ ...call(n % 2, []), route: ROUTES[n % 2]! }))
    const batch = sent.pack(calls, out.slot)
    worker.send(out.slot, calls)
    out.add(calls, isNew ? { ...batch, routes: [calls[0]!.route] } : batch)
    return calls
  }
  return { out, worker, send }
}

test('calls that have begun are never taken back, also if the worker goes on meanwhile', (t) => {
  for (let steps = 0; steps < 10; steps++) {
    let worker: Worker | undefined
    const starts = new (class extends SharedStarts {
      override recall(slot: number): number {
        const begun = super.recall(slot)
        worker!.begin()
        return begun
      }
    })()
    const made = lane(starts)
    worker = made.worker
    const calls = [...made.send(4), ...made.send(3)]
    for (let step = 0; step < steps; step++) worker.begin()
    const recalled = made.out.recall()
    worker.begin()
    t.deepEqual([...worker.begun, ...recalled], calls, `after ${steps} calls`)
    t.is(made.out.length, worker.begun.length)
  }
})

test('the call that is running is known, also when the rest of its batch was taken back', (t) => {
  const { out, worker, send } = lane(new SharedStarts())
  const calls = send(3)
  t.is(out.running, undefined)
  worker.begin()
  t.is(out.running, calls[0])
  worker.begin()
  t.is(out.running, calls[1])
  t.deepEqual(out.take(1), [calls[0]!])
  t.is(out.running, calls[1])
  t.deepEqual(out.recall(), [calls[2]!])
  // A ticket that is refused begins nothing.
  worker.begin()
  t.is(out.running, calls[1])
  t.deepEqual(out.take(1), [calls[1]!])
  t.is(out.running, undefined)
  t.is(out.batches, 0)
})

test('while a module is imported, the calls are known that wait for it', (t) => {
  const starts = new SharedStarts()
  const { out, send } = lane(starts)
  const [first, , third] = send(3, true)
  t.deepEqual(out.importing, [], 'the worker has not come to it')
  t.true(out.isFirst)
  starts.arrive()
  t.false(out.isFirst)
  t.deepEqual(out.importing, [first!, third!])
  starts.take(0)
  t.deepEqual(out.importing, [], 'the first call has begun')
  out.take(1)
  t.deepEqual(out.importing, [], 'the first call is over, and the next has not begun')
})

test('what waits behind the next call can be taken back, but for what was moved', (t) => {
  const { out, worker, send } = lane(new SharedStarts())
  send(3)
  t.is(out.behind, 2)
  worker.begin()
  t.is(out.behind, 2)
  send(2)
  t.is(out.behind, 4)
  const moved = [call(1, [])]
  out.add(moved, { ...new Sent().pack(moved, out.slot), transfer: [{}] })
  t.is(out.behind, 0)
  t.deepEqual(out.recall(), [])
})

test('a place where calls are counted is not used again before the worker has left it', (t) => {
  const { out, worker, send } = lane(new SharedStarts())
  let sent = 0
  for (; out.hasSlot && sent < 2 * SLOTS; sent++) {
    send(1)
    out.recall()
  }
  t.true(sent < SLOTS && sent > SLOTS / 2)
  for (let i = 0; i < 3; i++) worker.begin()
  t.true(out.hasSlot)
})
