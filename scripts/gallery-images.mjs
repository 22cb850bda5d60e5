// Runs the programs of the gallery in a folder of their own, and writes what they drew, smaller, into docs/images.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, parse, resolve } from 'node:path'
import { createCanvas, loadImage } from '@napi-rs/canvas'

const mostBytes = 150_000
const mostPixels = 860
const folder = mkdtempSync(join(tmpdir(), 'deco-gallery-'))
try {
  for (const [name, ...args] of [['mandelbrot'], ['options'], ['raytracer', '2'], ['words'], ['thumbnails']]) {
    const program = resolve(`build/examples/${name}/main.js`)
    const { status } = spawnSync(process.execPath, [program, ...args], { cwd: folder, stdio: 'inherit' })
    if (status !== 0) throw new Error(`The example ${name} ended with exit code ${status}.`)
  }
  for (const file of readdirSync(folder))
    writeFileSync(`docs/images/${parse(file).name}.webp`, await small(join(folder, file)))
} finally {
  rmSync(folder, { recursive: true })
}

async function small(file) {
  const image = await loadImage(file)
  const scale = Math.min(1, mostPixels / image.width)
  const canvas = createCanvas(Math.round(image.width * scale), Math.round(image.height * scale))
  const context = canvas.getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  for (let quality = 90; ; quality -= 5) {
    const bytes = canvas.encodeSync('webp', quality)
    if (bytes.length < mostBytes) return bytes
  }
}
