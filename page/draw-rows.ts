import type uPlot from 'uplot'
import { KIND, type Picture, type Row } from './data.js'
import { colours, type Theme } from './theme.js'

// Rows with more spans than this for each pixel are drawn as how much of each pixel is covered.
const MOST_PER_PIXEL = 1
// Names are written into spans that are at least so wide, in CSS pixels.
const NAMED = 46
const LETTER = 6.2

/** What is drawn besides: the call that somebody looks at. */
export interface Selected {
  readonly row: number
  readonly span: number
}

/** Draws all rows on the canvas of a chart. */
export function drawRows(plot: uPlot, picture: Picture, dpr: number, selected: Selected | undefined): void {
  const { ctx, bbox } = plot
  const area: Area = {
    ctx,
    dpr,
    left: bbox.left,
    right: bbox.left + bbox.width,
    top: bbox.top,
    height: bbox.height / picture.rows.length,
    from: plot.scales.x!.min!,
    perMs: bbox.width / (plot.scales.x!.max! - plot.scales.x!.min!),
    theme: colours(),
    picture,
  }
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  for (const [i, row] of picture.rows.entries()) drawRow(area, row, i)
  if (selected !== undefined) drawSelected(area, selected)
  ctx.restore()
}

interface Area {
  readonly ctx: CanvasRenderingContext2D
  /** Device pixels in a CSS pixel; all below are device pixels. */
  readonly dpr: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly height: number
  /** The time at the left, and pixels in a millisecond. */
  readonly from: number
  readonly perMs: number
  readonly theme: Theme
  readonly picture: Picture
}

function drawRow(area: Area, row: Row, place: number): void {
  const { ctx, left, right, theme, dpr } = area
  const { spans } = row
  const [top, height] = band(area, place)
  ctx.fillStyle = theme.stripe
  const there = clip(area, x(area, row.started), x(area, row.over))
  if (there !== undefined) ctx.fillRect(there[0], top, there[1] - there[0], height)
  const starting = clip(area, x(area, row.started), x(area, row.ready))
  if (starting !== undefined) hatch(area, starting, top, height)
  const first = spans.firstBeyond(area.from)
  const end = spans.begunBy(area.from + (right - left) / area.perMs)
  if (end - first > ((right - left) / dpr) * MOST_PER_PIXEL) drawCovered(area, row, top, height)
  else for (let i = first; i < end; i++) drawSpan(area, row, i, top, height)
}

function drawSpan(area: Area, { spans }: Row, i: number, top: number, height: number): void {
  const { ctx, dpr, theme, picture } = area
  const kind = spans.kind[i]!
  const clipped = clip(area, x(area, spans.from[i]!), x(area, spans.to[i]!))
  if (clipped === undefined) return
  const [from, to] = clipped
  // A gap keeps neighbours apart where there is room for one.
  const width = Math.max(to - from > 5 * dpr ? to - from - dpr : to - from, 0.75 * dpr)
  ctx.globalAlpha = kind === KIND.stale || kind === KIND.dropped ? 0.35 : 1
  ctx.fillStyle = colourOf(theme, picture, kind, spans.item[i]!)
  ctx.fillRect(from, top, width, height)
  ctx.globalAlpha = 1
  if (kind === KIND.stale || kind === KIND.dropped) hatch(area, [from, from + width], top, height)
  if (width < NAMED * dpr || height < 13 * dpr || kind >= KIND.stale) return
  const { data } = picture
  const method = data.methods[data.calls.method[spans.item[i]!]!]!
  const letters = Math.floor((width / dpr - 8) / LETTER)
  const text = `${method.slice(method.indexOf('.') + 1)}(${data.calls.args[spans.item[i]!]})`
  ctx.fillStyle = theme.onColour
  ctx.font = `${11 * dpr}px system-ui, sans-serif`
  ctx.textAlign = 'left'
  ctx.textBaseline = 'middle'
  const shown = text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text
  ctx.fillText(shown, from + 5 * dpr, top + height / 2)
}

// One pixel after the other: the part of it that is covered, as how opaque it is; its colour is that of the call in its middle.
function drawCovered(area: Area, { spans }: Row, top: number, height: number): void {
  const { ctx, left, right, dpr, from, perMs, theme, picture } = area
  let before = spans.covered(from)
  let colour = ''
  let alpha = 0
  let start = left
  const flush = (end: number) => {
    if (alpha === 0) return
    ctx.globalAlpha = alpha
    ctx.fillStyle = colour
    ctx.fillRect(start, top, end - start, height)
  }
  for (let at = left; at < right; at += dpr) {
    const time = from + (at + dpr - left) / perMs
    const covered = spans.covered(time)
    const share = ((covered - before) * perMs) / dpr
    before = covered
    // What is there at all can be seen; and few shades are few rectangles.
    const nextAlpha = share <= 0 ? 0 : Math.max(0.12, Math.round(share * 16) / 16)
    let nextColour = colour
    if (nextAlpha > 0) {
      const span = spans.near(time - dpr / 2 / perMs, Number.POSITIVE_INFINITY)
      nextColour = colourOf(theme, picture, spans.kind[span]!, spans.item[span]!)
    }
    if (nextAlpha === alpha && nextColour === colour) continue
    flush(at)
    start = at
    alpha = nextAlpha
    colour = nextColour
  }
  flush(right)
  ctx.globalAlpha = 1
}

function drawSelected(area: Area, { row: place, span }: Selected): void {
  const { ctx, dpr, theme, picture } = area
  const { spans } = picture.rows[place]!
  const [top, height] = band(area, place)
  const from = x(area, spans.from[span]!)
  const to = Math.max(x(area, spans.to[span]!), from + dpr)
  ctx.strokeStyle = theme.text
  ctx.lineWidth = 1.5 * dpr
  ctx.strokeRect(from - dpr, top - dpr, to - from + 2 * dpr, height + 2 * dpr)
  if (spans.kind[span]! >= KIND.making) return
  // From where the program made it, and back to where it was committed.
  const call = spans.item[span]!
  const made = x(area, picture.made[call]!)
  const over = x(area, picture.made[call]! + picture.data.calls.over[call]! / picture.data.ticks)
  const [programTop, programHeight] = band(area, 0)
  const bottom = programTop + programHeight
  const middle = top + height / 2
  ctx.globalAlpha = 0.75
  ctx.lineWidth = dpr
  ctx.setLineDash([4 * dpr, 3 * dpr])
  ctx.beginPath()
  ctx.moveTo(made, bottom)
  ctx.bezierCurveTo(made, middle, made, middle, from, middle)
  ctx.moveTo(to, middle)
  ctx.bezierCurveTo(over, middle, over, middle, over, bottom)
  ctx.stroke()
  ctx.setLineDash([])
  ctx.globalAlpha = 1
}

function colourOf(theme: Theme, { data }: Picture, kind: number, item: number): string {
  if (kind === KIND.making) return theme.making
  if (kind === KIND.commit) return theme.commit
  if (kind === KIND.failed) return theme.bad
  return theme.methods[data.calls.method[item]! % theme.methods.length]!
}

function hatch({ ctx, dpr, theme }: Area, [from, to]: readonly [number, number], top: number, height: number): void {
  ctx.save()
  ctx.beginPath()
  ctx.rect(from, top, to - from, height)
  ctx.clip()
  ctx.strokeStyle = theme.muted
  ctx.globalAlpha = 0.45
  ctx.lineWidth = dpr
  ctx.beginPath()
  for (let at = from - height; at < to; at += 6 * dpr) {
    ctx.moveTo(at, top + height)
    ctx.lineTo(at + height, top)
  }
  ctx.stroke()
  ctx.restore()
}

function band({ top, height, dpr }: Area, place: number): [top: number, height: number] {
  const gap = Math.max(1, Math.min(3 * dpr, height / 8))
  return [top + place * height + gap, height - 2 * gap]
}

function x({ left, from, perMs }: Area, time: number): number {
  return left + (time - from) * perMs
}

function clip({ left, right }: Area, from: number, to: number): [number, number] | undefined {
  return to < left || from > right ? undefined : [Math.max(from, left - 1), Math.min(to, right + 1)]
}
