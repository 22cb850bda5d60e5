import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { write } from '../lettering.js'

const columns = 3
const gap = 6

/** Frames of `height` rows each, in three columns, as PNG. */
export function drawStrip(rows: readonly Float32Array[], height: number, captions: readonly string[]): Buffer {
  const width = rows[0]!.length
  const lines = Math.ceil(captions.length / columns)
  const canvas = createCanvas(columns * (width + gap) - gap, lines * (height + gap) - gap)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  for (const [frame, caption] of captions.entries()) {
    const [x, y] = [(frame % columns) * (width + gap), Math.floor(frame / columns) * (height + gap)]
    drawFrame(context, rows.slice(frame * height, (frame + 1) * height), x, y)
    context.fillStyle = 'rgb(0 0 0 / 60%)'
    context.fillRect(x, y + height - 24, 84, 24)
    write(context, caption, x + 8, y + height - 8, { colour: 'white' })
  }
  return canvas.toBuffer('image/png')
}

function drawFrame(context: SKRSContext2D, rows: readonly Float32Array[], x: number, y: number): void {
  const image = context.createImageData(rows[0]!.length, rows.length)
  // Where a frame's escape times begin differs more from frame to frame than how they vary in it.
  const least = rows.reduce((least, row) => row.reduce((least, time) => Math.min(least, time), least), Infinity)
  let at = 0
  for (const row of rows) {
    for (const time of row) {
      image.data.set(colourOf(time - least), at)
      at += 4
    }
  }
  context.putImageData(image, x, y)
}

/** Inside of the set black; outside three waves, one per colour. */
function colourOf(time: number): [number, number, number, number] {
  if (time === Number.POSITIVE_INFINITY) return [0, 0, 0, 255]
  const turn = Math.sqrt(time) * 0.6
  const wave = (shift: number) => Math.round(127.5 * (1 - Math.cos(turn + shift)))
  return [wave(0), wave(0.5), wave(1.1), 255]
}
