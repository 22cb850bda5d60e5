import test from 'ava'
import { View } from '../../page/view.js'

const shown = ({ from, to }: View) => [from, to]

test('a view never leaves what there is, and shows no less than it may', (t) => {
  const view = new View(-10, 90, 1)
  view.show(-50, 0)
  t.deepEqual(shown(view), [-10, 40])
  view.pan(10)
  t.deepEqual(shown(view), [40, 90])
  view.zoomBy(1e9, 50)
  t.is(view.length, 1)
  view.zoomBy(1e-9)
  t.deepEqual(shown(view), [-10, 90])
  t.is(view.zoom, 1)
})

test('the time that is zoomed in on stays where it is', (t) => {
  const view = new View(0, 100, 0.001)
  view.zoomBy(4, 20)
  t.deepEqual(shown(view), [15, 40])
  view.zoomBy(1 / 4, 20)
  t.deepEqual(shown(view), [0, 100])
})

test('only changes are told', (t) => {
  const view = new View(0, 100, 1)
  let told = 0
  view.onChange(() => told++)
  view.showAll()
  view.pan(-1)
  t.is(told, 0)
  view.show(10, 20)
  view.show(10, 20)
  t.is(told, 1)
})

test('what is to be seen is brought into view, with no more change than it takes', (t) => {
  const view = new View(0, 1000, 0.001)
  view.reveal(100, 200)
  t.deepEqual(shown(view), [0, 1000])
  view.reveal(100, 100.5)
  t.deepEqual(shown(view), [95.25, 105.25])
  view.reveal(104, 105)
  t.deepEqual(shown(view), [95.25, 105.25])
  view.reveal(300, 304)
  t.deepEqual(shown(view), [297, 307])
})
