import uPlot from 'uplot'
import { colours, onTheme } from './theme.js'
import type { View } from './view.js'

// Names of rows, and values, stand to the left: the same width everywhere, so that times are below each other.
const GUTTER = 92
const FONT = '11px system-ui, sans-serif'

/** A chart over time: where it stands, how high it is in CSS pixels, and what it shows. */
export interface ChartOptions {
  readonly place: HTMLElement
  readonly height: number
  readonly view: View
  readonly axis: Partial<uPlot.Axis>
  readonly range: uPlot.Scale.Range
  readonly series?: uPlot.Series
  /** Whether times are written below it. */
  readonly hasTimes?: boolean
  readonly plugins?: uPlot.Plugin[]
  /** What is shown of a stretch of time, with room for so many points. */
  readonly sample?: (from: number, to: number, points: number) => [times: Float64Array, values: Float64Array]
}

/** A chart that follows a view, the size of its place, and light and dark. */
export function chart({ place, height, view, axis, range, series = {}, hasTimes, plugins = [], sample }: ChartOptions) {
  const plot = new uPlot(
    {
      width: Math.max(200, place.clientWidth),
      height,
      padding: [6, 10, hasTimes ? 0 : 6, 0],
      legend: { show: false },
      scales: { x: { time: false, min: view.from, max: view.to }, y: { range } },
      axes: [
        { ...axisColours(), show: hasTimes ?? false, size: 30, space: 90, values: timeLabels, font: FONT },
        { ...axisColours(), size: GUTTER, font: FONT, ...axis },
      ],
      series: [{}, { points: { show: false }, ...series }],
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: 'time' } },
      plugins,
    },
    [
      [view.from, view.to],
      [null, null],
    ],
    place,
  )
  const show = () => {
    if (sample !== undefined) {
      const points = Math.max(2, Math.floor(plot.bbox.width / uPlot.pxRatio / 2))
      plot.setData(sample(view.from, view.to, points), false)
    }
    plot.setScale('x', { min: view.from, max: view.to })
  }
  view.onChange(show)
  new ResizeObserver(() => {
    plot.setSize({ width: Math.max(200, place.clientWidth), height })
    show()
  }).observe(place)
  onTheme(() => plot.redraw(true, true))
  show()
  return plot
}

function axisColours(): Partial<uPlot.Axis> {
  const line = { stroke: () => colours().faint, width: 1 }
  return { stroke: () => colours().muted, grid: line, ticks: { ...line, size: 4 } }
}

// All in the unit of the largest, with as many digits as tell them apart.
function timeLabels(_: uPlot, times: number[]): string[] {
  const most = Math.max(...times.map(Math.abs))
  const step = times.length > 1 ? times[1]! - times[0]! : most
  const [unit, factor] = most >= 10_000 ? ['s', 1e-3] : step >= 0.001 && most >= 1 ? ['ms', 1] : ['µs', 1000]
  const places = Math.max(0, Math.ceil(-Math.log10(step * factor) - 1e-9))
  return times.map((time) => `${(time * factor).toFixed(Math.min(places, 6))} ${unit}`)
}

/** A few values at the side. */
export function sideLabels(write: (value: number) => string): (plot: uPlot, values: number[]) => string[] {
  return (_, values) => values.map(write)
}
