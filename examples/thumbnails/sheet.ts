import { createCanvas, loadImage } from '@napi-rs/canvas'
import { write } from '../lettering.js'
import type { Thumbnail } from './thumbnail.js'

const columns = 3
const [width, gap, caption] = [860, 12, 40]

/** What is shown of a photograph. */
export interface Shown {
  readonly by: string
  readonly title: string
  readonly thumbnail: Thumbnail
}

/** A contact sheet, as JPEG: rows of three, each as high as makes it fill the width. */
export async function drawSheet(shown: readonly Shown[]): Promise<Buffer> {
  const rows = Array.from({ length: Math.ceil(shown.length / columns) }, (_, row) => {
    const cells = shown.slice(row * columns, (row + 1) * columns)
    const breadth = cells.reduce((sum, { thumbnail }) => sum + thumbnail.width / thumbnail.height, 0)
    return { cells, height: (width - gap * (cells.length - 1)) / breadth }
  })
  const canvas = createCanvas(
    width,
    rows.reduce((sum, { height }) => sum + height + caption, 0),
  )
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  let y = 0
  for (const { cells, height } of rows) {
    let x = 0
    for (const { by, title, thumbnail } of cells) {
      const cell = (thumbnail.width / thumbnail.height) * height
      context.drawImage(await loadImage(thumbnail.bytes), x, y, cell, height)
      write(context, by, x, y + height + 15, { size: 11 })
      write(context, title, x, y + height + 29, { size: 11, colour: '#666' })
      x += cell + gap
    }
    y += height + caption
  }
  return canvas.toBuffer('image/jpeg', 80)
}

/** How bright a picture is on the average, from 0 to 255. */
export async function meanBrightness(picture: string | Buffer): Promise<number> {
  const image = await loadImage(picture)
  const canvas = createCanvas(image.width, image.height)
  const context = canvas.getContext('2d')
  context.drawImage(image, 0, 0)
  const { data } = context.getImageData(0, 0, image.width, image.height)
  let sum = 0
  for (let i = 0; i < data.length; i += 4) sum += 0.2126 * data[i]! + 0.7152 * data[i + 1]! + 0.0722 * data[i + 2]!
  return sum / (data.length / 4)
}
