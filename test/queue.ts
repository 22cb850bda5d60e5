import test from 'ava'
import fc from 'fast-check'
import { Queue } from '../src/queue.js'

const counts = fc.oneof(fc.nat(20), fc.integer({ min: 1000, max: 3000 }))
const steps = fc.oneof(
  ...(['push', 'shift', 'take', 'takeLast', 'unshift'] as const).map((name) => fc.tuple(fc.constant(name), counts)),
)

test('a queue holds what a list would, whatever is put in and taken out', (t) => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40 }), (list) => {
      const queue = new Queue<number>()
      let model: number[] = []
      let next = 0
      const items = (count: number) => Array.from({ length: count }, () => next++)
      for (const [name, count] of list) {
        if (name === 'push') for (const item of items(count)) t.is(queue.push(item), model.push(item))
        if (name === 'shift') for (let i = 0; i < count; i++) t.deepEqual([queue.shift()], [model.shift()])
        if (name === 'take') t.deepEqual(queue.take(count), model.splice(0, count))
        if (name === 'takeLast') t.deepEqual(queue.takeLast(count), count === 0 ? [] : model.splice(-count))
        if (name === 'unshift') {
          const before = items(count)
          queue.unshift(before)
          model = [...before, ...model]
        }
        t.is(queue.length, model.length)
        for (const i of [0, 1, 1023, 1024, model.length - 1])
          if (i >= 0 && i < model.length) t.deepEqual([queue.at(i)], [model[i]])
      }
      t.deepEqual(queue.take(queue.length + 1), model)
      t.deepEqual([queue.shift()], [undefined])
    }),
    { numRuns: 60 },
  )
})
