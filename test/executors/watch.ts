import test from 'ava'
import type { Death } from '../../src/executors/deaths.js'
import { overdue, unwanted } from '../../src/executors/deaths.js'
import { type Sight, Watch, type WatchedLane } from '../../src/executors/watch.js'
import type { ExecutorCall } from '../../src/protocol.js'
import { call } from '../helpers/executor-call.js'

class Lane implements WatchedLane {
  death: Death | undefined
  sight: Sight | undefined

  constructor(sight?: Sight) {
    this.sight = sight
  }

  kill(death: Death): void {
    this.death = death
  }
}

const withTimeout = (timeout?: number, isCancelled = false): ExecutorCall => {
  const made = call(1, [])
  return { ...made, isCancelled, route: { ...made.route, timeout } }
}

const running = (call: ExecutorCall): Sight => ({ call, isRunning: true })
const waiting = (call: ExecutorCall | undefined): Sight => ({ call, isRunning: false })

// The time at which a lane that stands still is stopped, looked at every 10 ms for so long.
function stoppedAt(sight: Sight, until = 100_000): [number | undefined, Death | undefined] {
  const lane = new Lane(sight)
  const watch = new Watch(() => [lane])
  for (let now = 0; now <= until; now += 10) {
    watch.look(now)
    if (lane.death !== undefined) return [now, lane.death]
  }
  return [undefined, undefined]
}

test('a call that is running has its timeout, and no more', (t) => {
  t.deepEqual(stoppedAt(running(withTimeout(100))), [110, overdue])
  t.deepEqual(stoppedAt(running(withTimeout(20_000))), [20_010, overdue])
  t.deepEqual(stoppedAt(running(withTimeout())), [undefined, undefined])
})

test('a call that is cancelled is stopped soon, also without a timeout', (t) => {
  const [time, death] = stoppedAt(running(withTimeout(undefined, true)))
  t.true(time! <= 50)
  t.is(death, unwanted)
})

test('a call that has not begun waits for an import for ten seconds at least, or for its timeout', (t) => {
  t.deepEqual(stoppedAt(waiting(withTimeout(100))), [10_010, overdue])
  t.deepEqual(stoppedAt(waiting(withTimeout(20_000))), [20_010, overdue])
  t.deepEqual(stoppedAt(waiting(withTimeout())), [undefined, undefined])
})

test('a worker that goes on with what nobody waits for is stopped after a while', (t) => {
  t.deepEqual(stoppedAt(waiting(undefined)), [1010, unwanted])
  t.deepEqual(stoppedAt(waiting(withTimeout(100, true))), [1010, unwanted])
})

test('each call has its own time', (t) => {
  const lane = new Lane(running(withTimeout(100)))
  const watch = new Watch(() => [lane])
  for (let now = 0; now < 1000; now += 10) {
    if (now % 90 === 0) lane.sight = running(withTimeout(100))
    watch.look(now)
  }
  t.is(lane.death, undefined)
})

test('it is needed as long as a worker has something to do, also when one has just been stopped', (t) => {
  const lane = new Lane(running(withTimeout(100)))
  const watch = new Watch(() => [lane, new Lane()])
  t.true(watch.look(0))
  t.true(watch.look(200))
  t.is(lane.death, overdue)
  lane.sight = undefined
  t.false(watch.look(210))
})
