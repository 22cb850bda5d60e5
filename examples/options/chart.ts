import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { write } from '../lettering.js'

/** A price by simulation, its standard error, the closed form, and how many standard errors lie between them. */
export interface PriceRow {
  readonly strike: number
  readonly price: number
  readonly error: number
  readonly exact: number
  readonly errors: number
}

const [width, left] = [760, 70]

/** Above the prices, below their distance from the closed form, as PNG. */
export function drawPrices(rows: readonly PriceRow[]): Buffer {
  const canvas = createCanvas(left + width + 30, 580)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  const [first, last] = [rows[0]!.strike, rows.at(-1)!.strike]
  const x = (strike: number) => left + ((strike - first) / (last - first)) * width
  write(context, 'European call option, spot 100, one year, 3 % interest, 25 % volatility', left, 28, { size: 16 })

  const highest = Math.ceil(rows[0]!.exact / 10) * 10
  const price = axis(context, 70, 260, [0, highest], 10, 'price')
  context.strokeStyle = '#1d91c0'
  context.lineWidth = 2
  context.beginPath()
  for (const row of rows) context.lineTo(x(row.strike), price(row.exact))
  context.stroke()
  for (const row of rows) dot(context, x(row.strike), price(row.price))
  write(context, 'line: Black and Scholes, 1973; dots: simulated', left + width - 10, 92, { align: 'right' })

  const distance = axis(context, 370, 150, [-4, 4], 2, 'distance in standard errors')
  for (const row of rows) {
    context.strokeStyle = '#888'
    context.lineWidth = 1
    line(context, x(row.strike), distance(row.errors - 1), x(row.strike), distance(row.errors + 1))
    dot(context, x(row.strike), distance(row.errors))
  }
  for (let strike = first; strike <= last; strike += 10)
    write(context, String(strike), x(strike), 540, { align: 'center' })
  write(context, 'strike', left + width / 2, 565, { align: 'center' })
  return canvas.toBuffer('image/png')
}

/** Draws a frame with lines across, and gives where a value lies in it. */
function axis(
  context: SKRSContext2D,
  top: number,
  height: number,
  [low, high]: readonly [number, number],
  step: number,
  title: string,
): (value: number) => number {
  const y = (value: number) => top + height - ((value - low) / (high - low)) * height
  context.lineWidth = 1
  for (let value = low; value <= high; value += step) {
    context.strokeStyle = value === 0 ? '#888' : '#ddd'
    line(context, left, y(value), left + width, y(value))
    write(context, String(value).replace('-', '−'), left - 8, y(value) + 4, { align: 'right' })
  }
  write(context, title, left, top - 8)
  return y
}

function line(context: SKRSContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
}

function dot(context: SKRSContext2D, x: number, y: number): void {
  context.fillStyle = '#d95f0e'
  context.beginPath()
  context.arc(x, y, 3.5, 0, 2 * Math.PI)
  context.fill()
}
