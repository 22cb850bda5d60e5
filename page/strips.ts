import type uPlot from 'uplot'
import { percent, whole } from '../src/trace/plain.js'
import { chart, sideLabels } from './chart.js'
import type { Picture } from './data.js'
import { countUpTo } from './spans.js'
import { colours } from './theme.js'
import type { View } from './view.js'

const HEIGHT = 74

/** How many of the workers are busy, and how many calls are pending, in step with the rows. */
export function showStrips(place: { busy: HTMLElement; pending: HTMLElement }, picture: Picture, view: View): void {
  chart({
    place: place.busy,
    height: HEIGHT,
    view,
    axis: { splits: () => [0, 0.5, 1], values: sideLabels(percent), ticks: { show: false } },
    range: () => [0, 1],
    series: filled(),
    sample: (from, to, points) => sampled(from, to, points, (from, to) => busyShare(picture, from, to)),
  })
  chart({
    place: place.pending,
    height: HEIGHT,
    view,
    axis: { values: sideLabels((value) => (Number.isInteger(value) ? whole(value) : '')), ticks: { show: false } },
    range: (_plot, _least, most) => [0, Math.max(1, (most ?? 1) * 1.1)],
    series: filled(),
    sample: (from, to, points) => sampled(from, to, points, (from) => pendingAt(picture, from)),
  })
}

/** The part of the workers' time that calls take. */
export function busyShare({ workers, data }: Picture, from: number, to: number): number {
  let covered = 0
  for (const { spans } of workers) covered += spans.covered(to) - spans.covered(from)
  return covered / ((to - from) * Math.max(1, data.verdict.workers, workers.length))
}

/** Calls that have been made and are not over. */
export function pendingAt({ madeSorted, overSorted }: Picture, time: number): number {
  return countUpTo(madeSorted, time) - countUpTo(overSorted, time)
}

function filled(): uPlot.Series {
  return { stroke: () => colours().accent, fill: () => `${colours().accent}40`, width: 1.5 }
}

function sampled(
  from: number,
  to: number,
  points: number,
  value: (from: number, to: number) => number,
): [Float64Array, Float64Array] {
  const times = new Float64Array(points + 1)
  const values = new Float64Array(points + 1)
  const step = (to - from) / points
  for (let i = 0; i <= points; i++) {
    times[i] = from + i * step
    values[i] = value(times[i]!, times[i]! + step)
  }
  return [times, values]
}
