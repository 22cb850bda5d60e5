// Thumbnails of real photographs, in several sizes and two formats.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { sideBySide } from '../side-by-side.js'
import { photographs } from './photographs.js'
import { drawSheet, meanBrightness } from './sheet.js'
import { type Thumbnail, thumbnail } from './thumbnail.js'
import { type Order, Thumbnails } from './thumbnails.js'

const edges = [480, 240, 120]
const orders: Order[] = photographs.flatMap(({ file }) =>
  edges.flatMap((edge): Order[] => [
    [file, edge, 'jpeg'],
    [file, edge, 'webp'],
  ]),
)

const { serial, parallel } = await sideBySide<Thumbnail[]>(
  async () => {
    const made: Thumbnail[] = []
    for (const order of orders) made.push(await thumbnail(...order))
    return made
  },
  () => new Thumbnails().makeAll(orders),
)
// deepStrictEqual compares the bytes, and that they are Buffers.
assert.deepEqual(parallel, serial)

const brightness = new Map<string, number>()
for (const { file } of photographs) brightness.set(file, await meanBrightness(file))
for (const [index, [file, edge]] of orders.entries()) {
  const { width, height, bytes } = parallel[index]!
  assert.equal(Math.max(width, height), edge)
  const [original, small] = [brightness.get(file)!, await meanBrightness(bytes)]
  assert.ok(Math.abs(original - small) < 3, `${file} at ${edge}: brightness ${small} instead of ${original}`)
}
const bytes = parallel.reduce((sum, { bytes }) => sum + bytes.length, 0)
console.log(
  `${parallel.length} thumbnails of ${photographs.length} photographs, ${bytes.toLocaleString('en')} bytes, identical`,
)

const shown = photographs.map(({ file, by, title }) => ({
  by,
  title,
  thumbnail: parallel[orders.findIndex((order) => order[0] === file && order[1] === 480)]!,
}))
writeFileSync('thumbnails.jpg', await drawSheet(shown))
console.log('wrote thumbnails.jpg')
