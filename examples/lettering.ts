import { fileURLToPath } from 'node:url'
import { GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'

const font = 'DejaVu Sans'
// A font of our own: a machine may have none.
GlobalFonts.registerFromPath(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')), font)

/** Writes on a picture. `y` is where the line stands. */
export function write(
  context: SKRSContext2D,
  text: string,
  x: number,
  y: number,
  { size = 13, colour = '#222', align = 'left' as 'left' | 'center' | 'right' } = {},
): void {
  context.font = `${size}px "${font}"`
  context.fillStyle = colour
  context.textAlign = align
  context.fillText(text, x, y)
}
