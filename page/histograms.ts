import uPlot from 'uplot'
import type { Histogram } from '../src/trace/histogram.js'
import { counted, duration, percent, whole } from '../src/trace/plain.js'
import { element } from './element.js'
import { colours, onTheme } from './theme.js'

const HEIGHT = 190

/** How a histogram is labelled. */
export interface HistogramOptions {
  /** What is counted: `call`. */
  readonly thing: string
  readonly things: string
  /** A border of a range, and all that is in it: the second border is not. */
  border(value: number): string
  range(from: number, to: number): string
}

/** Bars, one for each range; the one at the pointer is told in words. */
export function showHistogram(card: HTMLElement, { borders, counts }: Histogram, options: HistogramOptions): void {
  const place = card.querySelector<HTMLElement>('.plot')!
  const said = card.querySelector<HTMLElement>('.said')!
  const total = counts.reduce((sum, count) => sum + count, 0)
  const { thing, things, border, range } = options
  const inWords = (i: number) => {
    return `${range(borders[i]!, borders[i + 1]!)}: ${counted(counts[i]!, thing, things)}, ${percent(counts[i]! / total)}`
  }
  // For those who do not see it.
  const list = element('ul', { class: 'unseen' }, ...counts.map((_, i) => element('li', {}, inWords(i))))
  card.append(list)
  if (total === 0) {
    said.textContent = `No ${things}.`
    return
  }
  const silent = said.textContent ?? ''
  const width = () => Math.max(200, place.clientWidth)
  const line = { stroke: () => colours().faint, width: 1 }
  const plot = new uPlot(
    {
      width: width(),
      height: HEIGHT,
      legend: { show: false },
      scales: {
        x: { time: false, range: () => [-0.5, counts.length - 0.5] },
        y: { range: (_plot, _least, most) => [0, Math.max(1, most * 1.05)] },
      },
      axes: [
        {
          stroke: () => colours().muted,
          grid: { show: false },
          ticks: { ...line, size: 4 },
          size: 30,
          font: '11px system-ui, sans-serif',
          // Borders lie between the bars.
          splits: () => borders.map((_, i) => i - 0.5),
          values: (plot) => thinned(borders.map(border), plot.bbox.width / uPlot.pxRatio || width()),
        },
        {
          stroke: () => colours().muted,
          grid: line,
          ticks: { show: false },
          size: 60,
          font: '11px system-ui, sans-serif',
          values: (_, values) => values.map((value) => (Number.isInteger(value) ? whole(value) : '')),
        },
      ],
      series: [
        {},
        {
          paths: uPlot.paths.bars!({ size: [0.94], align: 0 }),
          stroke: () => colours().accent,
          fill: () => colours().accent,
          points: { show: false },
        },
      ],
      cursor: { y: false, x: false, points: { show: false }, drag: { x: false, y: false } },
      hooks: {
        setCursor: [
          ({ cursor: { idx } }) => {
            said.textContent = typeof idx === 'number' ? inWords(idx) : silent
          },
        ],
      },
    },
    [counts.map((_, i) => i), [...counts]],
    place,
  )
  new ResizeObserver(() => plot.setSize({ width: width(), height: HEIGHT })).observe(place)
  onTheme(() => plot.redraw(true, true))
}

// Every second or third, where there is no room for all.
function thinned(labels: readonly string[], width: number): (string | null)[] {
  const every = Math.max(1, Math.ceil((labels.length * 56) / width))
  return labels.map((label, i) => (i % every === 0 ? label : null))
}

/** Borders of run times. */
export const ofTimes: HistogramOptions = {
  thing: 'call',
  things: 'calls',
  border: (value) => short(duration(value)),
  range: (from, to) => `${short(duration(from))} to ${short(duration(to))}`,
}

/** Borders of batch sizes. */
export const ofSizes: HistogramOptions = {
  thing: 'batch',
  things: 'batches',
  border: whole,
  range: (from, to) => (to - from <= 1 ? counted(from, 'call') : `${whole(from)} to ${whole(to - 1)} calls`),
}

// `5.00 ms` → `5 ms`
function short(text: string): string {
  return text.replace(/\.0+(?= )/, '').replace(/(\.\d*?)0+(?= )/, '$1')
}
