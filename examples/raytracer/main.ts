// A ray tracer: tiles of one picture. An argument makes it larger: node build/examples/raytracer/main.js 4

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createCanvas, ImageData } from '@napi-rs/canvas'
import { sideBySide } from '../side-by-side.js'
import { RayTracer } from './ray-tracer.js'
import { sphereflake } from './scene.js'
import { type Picture, paintTile } from './trace.js'

const scale = Number(process.argv[2] ?? 1)
const [columns, rows, edge] = [12 * scale, 8 * scale, 32]
const scene = sphereflake(2)
const blank = (): Picture => ({ columns, rows, edge, tiles: [] })

const { serial, parallel } = await sideBySide(
  () => {
    const picture = blank()
    for (let tile = 0; tile < columns * rows; tile++) paintTile(scene, picture, tile)
    return picture
  },
  () => new RayTracer().render(scene, blank()),
)
// deepStrictEqual compares every byte of every tile.
assert.deepEqual(parallel, serial)
assert.equal(parallel.tiles.length, columns * rows)
console.log(`${parallel.tiles.length} tiles, identical bit for bit`)

const canvas = createCanvas(columns * edge, rows * edge)
for (const [tile, pixels] of parallel.tiles.entries()) {
  const [x, y] = [(tile % columns) * edge, Math.floor(tile / columns) * edge]
  canvas.getContext('2d').putImageData(new ImageData(pixels, edge, edge), x, y)
}
writeFileSync('raytracer.png', canvas.toBuffer('image/png'))
console.log('wrote raytracer.png')
