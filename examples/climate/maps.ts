// Colour maps, one above the other, as PNG: the smoothed field and the anomaly against it, or whatever layers are given.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Canvas, createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas'
import type { Grid } from './grid.js'
import type { Cell } from './smooth.js'

/** One of the maps. */
export interface Layer<C = Cell> {
  readonly title: string
  /** From the lowest to the highest tick, evenly spaced: ColorBrewer's YlGnBu and BrBG. */
  readonly colours: readonly string[]
  /** In mm; values beyond the first and last tick keep its colour. */
  readonly ticks: readonly number[]
  readonly value: (cell: C) => number
  /** What the legend calls the ticks. Default: their numbers, in mm per year. */
  readonly labels?: readonly string[]
}

export const layers: readonly Layer[] = [
  {
    title: 'Smoothed field',
    colours: ['#ffffd9', '#edf8b1', '#c7e9b4', '#7fcdbb', '#41b6c4', '#1d91c0', '#225ea8', '#253494', '#081d58'],
    ticks: [0, 500, 1000, 1500, 2000, 2500, 3000],
    value: (cell) => cell.mean,
  },
  {
    title: 'Anomaly: each cell minus the smoothed field',
    colours: ['#543005', '#8c510a', '#bf812d', '#dfc27d', '#f5f5f5', '#80cdc1', '#35978f', '#01665e', '#003c30'],
    ticks: [-1500, -1000, -500, 0, 500, 1000, 1500],
    value: (cell) => cell.anomaly,
  },
]

const scale = 3
const font = 'DejaVu Sans'

/** `cells` in the order of the grid's values. */
export function drawMaps(title: string, grid: Grid, cells: readonly Cell[]): Buffer {
  return drawLayers(title, grid, cells, layers)
}

/** The same, with layers of one's own. */
export function drawLayers<C>(title: string, grid: Grid, cells: readonly C[], layers: readonly Layer<C>[]): Buffer {
  // A font of our own: a machine may have none.
  GlobalFonts.registerFromPath(fileURLToPath(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')), font)
  const canvas = createCanvas(1300, 1290)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  text(context, title, 80, 48, 24)
  for (const [index, layer] of layers.entries()) {
    context.save()
    context.translate(80, 118 + index * 595)
    text(context, layer.title, 0, -16, 18)
    drawLayer(context, layer, grid, cells)
    context.restore()
  }
  return canvas.toBuffer('image/png')
}

function drawLayer<C>(context: SKRSContext2D, layer: Layer<C>, grid: Grid, cells: readonly C[]): void {
  const width = grid.lons.length * scale
  const height = grid.lats.length * scale
  const ramp = drawRamp(layer.colours)
  context.imageSmoothingEnabled = false
  context.drawImage(drawCells(layer, grid, cells, ramp), 0, 0, width, height)

  context.save()
  context.beginPath()
  context.rect(0, 0, width, height)
  context.clip()
  // A value's place is the centre of its cell, half a degree inside the map's edge.
  context.scale(scale, -scale)
  context.translate(0.5 - grid.lons[0]!, -0.5 - grid.lats[0]!)
  drawCoastlines(context)
  context.restore()

  context.strokeStyle = '#333'
  context.lineWidth = 1
  context.strokeRect(0, 0, width, height)
  for (let lon = -180; lon <= 180; lon += 30) {
    const x = Math.min((lon + 0.5 - grid.lons[0]!) * scale, width)
    line(context, x, height, x, height + 6)
    text(context, degrees(lon, 'W', 'E'), x, height + 22, 14, 'center')
  }
  for (let lat = -60; lat <= 60; lat += 30) {
    const y = (grid.lats[0]! + 0.5 - lat) * scale
    line(context, -6, y, 0, y)
    text(context, degrees(lat, 'S', 'N'), -10, y + 5, 14, 'right')
  }
  text(context, 'longitude', width / 2, height + 42, 14, 'center')
  context.save()
  context.translate(-60, height / 2)
  context.rotate(-Math.PI / 2)
  text(context, 'latitude', 0, 0, 14, 'center')
  context.restore()

  context.drawImage(ramp, width + 30, 0, 22, height)
  context.strokeRect(width + 30, 0, 22, height)
  for (const [index, tick] of layer.ticks.entries()) {
    const y = height * (1 - index / (layer.ticks.length - 1))
    line(context, width + 52, y, width + 58, y)
    text(context, layer.labels?.[index] ?? legendLabel(layer.ticks, index, tick), width + 62, y + 5, 14)
  }
  if (layer.labels === undefined) text(context, 'mm per year', width + 30, -16, 14)
}

/** The legend's bar, one pixel wide with the highest colour on top; also the table that gives a value its colour. */
function drawRamp(colours: readonly string[]): Canvas {
  const ramp = createCanvas(1, 256)
  const context = ramp.getContext('2d')
  const gradient = context.createLinearGradient(0, ramp.height, 0, 0)
  for (const [index, colour] of colours.entries()) gradient.addColorStop(index / (colours.length - 1), colour)
  context.fillStyle = gradient
  context.fillRect(0, 0, 1, ramp.height)
  return ramp
}

function drawCells<C>(layer: Layer<C>, grid: Grid, cells: readonly C[], ramp: Canvas): Canvas {
  const canvas = createCanvas(grid.lons.length, grid.lats.length)
  const context = canvas.getContext('2d')
  const image = context.createImageData(canvas.width, canvas.height)
  const colours = ramp.getContext('2d').getImageData(0, 0, 1, ramp.height).data
  const low = layer.ticks[0]!
  const high = layer.ticks.at(-1)!
  for (const [index, cell] of cells.entries()) {
    const share = Math.min(1, Math.max(0, (layer.value(cell) - low) / (high - low)))
    const entry = Math.round((1 - share) * (ramp.height - 1)) * 4
    image.data.set(colours.subarray(entry, entry + 4), index * 4)
  }
  context.putImageData(image, 0, 0)
  return canvas
}

/** In degrees. TopoJSON keeps a coast as arcs, each a start and then steps, all on a grid of whole numbers. */
function drawCoastlines(context: SKRSContext2D): void {
  const file = new URL('../data/world-110m.json', import.meta.resolve('vega-datasets'))
  const { arcs, objects, transform } = JSON.parse(readFileSync(file, 'utf8'))
  context.lineWidth = 0.3
  context.strokeStyle = 'rgb(0 0 0 / 70%)'
  context.beginPath()
  for (const index of objects.land.arcs.flat(2)) {
    let [lon, lat] = transform.translate
    // An arc walked backwards is stored as the complement of its index; its line is the same.
    for (const [step, [x, y]] of arcs[index < 0 ? ~index : index].entries()) {
      lon += x * transform.scale[0]
      lat += y * transform.scale[1]
      // From 180°E to 180°W the line leaves the map and comes in on the other side.
      if (step === 0 || Math.abs(x * transform.scale[0]) > 180) context.moveTo(lon, lat)
      else context.lineTo(lon, lat)
    }
  }
  context.stroke()
}

function legendLabel(ticks: readonly number[], index: number, tick: number): string {
  const label = tick.toLocaleString('en').replace('-', '−')
  if (index === ticks.length - 1) return `≥ ${label}`
  return tick < 0 && index === 0 ? `≤ ${label}` : label
}

function degrees(value: number, negative: string, positive: string): string {
  return value === 0 ? '0°' : `${Math.abs(value)}°${value < 0 ? negative : positive}`
}

function line(context: SKRSContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath()
  context.moveTo(x1, y1)
  context.lineTo(x2, y2)
  context.stroke()
}

function text(
  context: SKRSContext2D,
  label: string,
  x: number,
  y: number,
  size: number,
  align: 'left' | 'center' | 'right' = 'left',
): void {
  context.font = `${size}px "${font}"`
  context.fillStyle = '#222'
  context.textAlign = align
  context.fillText(label, x, y)
}
