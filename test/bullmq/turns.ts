import test from 'ava'
import { Turns } from '../../src/bullmq/turns.js'

const turnsOf = (lanes: number) => {
  const rooms: number[] = []
  return { turns: new Turns(lanes, (batches) => rooms.push(batches)), rooms }
}

test('so many batches run as there are lanes, and for each one more may wait', async (t) => {
  const { turns, rooms } = turnsOf(2)
  t.true(await turns.enter(5))
  t.true(await turns.enter(5))
  t.is(rooms.at(-1), 4)
  const [third, fourth, fifth] = [turns.enter(5), turns.enter(5), turns.enter(5)]
  t.false(await fifth)
  turns.leave(5)
  t.true(await third)
  turns.leave(5)
  t.true(await fourth)
})

test('nothing waits behind what takes long, or nobody knows how long, and no more is asked for', async (t) => {
  for (const expected of [5000, undefined]) {
    const { turns, rooms } = turnsOf(1)
    t.true(await turns.enter(expected))
    t.is(rooms.at(-1), 1)
    t.false(await turns.enter(1))
    turns.leave(expected)
    t.true(await turns.enter(1))
  }
})

test('what waits behind something that takes longer than expected goes back, until that is done', async (t) => {
  const { turns, rooms } = turnsOf(1)
  t.true(await turns.enter(1))
  t.is(rooms.at(-1), 2)
  t.false(await turns.enter(1))
  t.is(rooms.at(-1), 1)
  turns.leave(1)
  t.is(rooms.at(-1), 2)
  t.true(await turns.enter(1))
})

test('once it is closed nothing may run that does not, and what runs may end', async (t) => {
  const { turns } = turnsOf(1)
  t.true(await turns.enter(1))
  const waiting = turns.enter(1)
  turns.close()
  t.false(await waiting)
  t.false(await turns.enter(1))
  t.is(turns.running, 1)
  turns.leave(1)
  t.is(turns.running, 0)
})
