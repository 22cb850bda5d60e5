import test from 'ava'
import { Flat } from '../../src/values/flat.js'

test('a field that is gone is seen, though a prototype has one of its name and value', (t) => {
  class Shape {}
  Object.assign(Shape.prototype, { sides: 0 })
  const shape = Object.assign(new Shape(), { name: 'dot', sides: 0 }) as { name: string; sides?: number }
  const flat = new Flat(shape)
  t.true(flat.isUnchanged())
  delete shape.sides
  t.false(flat.isUnchanged())
  shape.sides = 0
  t.true(flat.isUnchanged())
  Object.assign(shape, { corners: 0 })
  t.false(flat.isUnchanged())
})
