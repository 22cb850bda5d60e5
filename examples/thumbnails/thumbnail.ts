// What is made of a photograph: a plain function, called by the job in workers and by main.ts in its serial loop.

import { createCanvas, loadImage } from '@napi-rs/canvas'

/** A photograph made small. */
export interface Thumbnail {
  readonly width: number
  readonly height: number
  readonly bytes: Buffer
}

/** Fits a photograph into a square of `edge` by `edge` pixels. */
export async function thumbnail(file: string, edge: number, format: 'jpeg' | 'webp'): Promise<Thumbnail> {
  const image = await loadImage(file)
  const scale = edge / Math.max(image.width, image.height)
  const canvas = createCanvas(Math.round(image.width * scale), Math.round(image.height * scale))
  const context = canvas.getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return { width: canvas.width, height: canvas.height, bytes: canvas.encodeSync(format, 80) }
}
