// A zoom into the Mandelbrot set: six frames, each ten times as deep as the one before. An argument makes them larger:
// node build/examples/mandelbrot/main.js 4

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { sideBySide } from '../side-by-side.js'
import { escapeRow, type View } from './escape.js'
import { drawStrip } from './strip.js'
import { Zoom } from './zoom.js'

const scale = Number(process.argv[2] ?? 1)
const [width, height] = [280 * scale, 210 * scale]
const depths = [1, 10, 100, 1000, 10_000, 100_000]
const views: View[] = depths.map((depth) => ({
  real: -0.743643887037151,
  imaginary: 0.13182590420533,
  across: 3.2 / depth,
}))

const { serial, parallel } = await sideBySide<readonly Float32Array[]>(
  () => views.flatMap((view) => Array.from({ length: height }, (_, row) => escapeRow(view, row, width, height))),
  () => new Zoom().render(views, width, height),
)
// deepStrictEqual compares numbers by Object.is.
assert.deepEqual([...parallel], serial)
console.log(`${serial.length.toLocaleString('en')} rows, identical bit for bit`)

writeFileSync(
  'mandelbrot.png',
  drawStrip(
    parallel,
    height,
    depths.map((depth) => `× ${depth.toLocaleString('en')}`),
  ),
)
console.log('wrote mandelbrot.png')
