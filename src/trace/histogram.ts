/** How many values lie in each of some ranges that follow one another. */
export interface Histogram {
  /** Where each range begins, and where the last one ends; a value on a border belongs to the range above it. */
  readonly borders: readonly number[]
  readonly counts: readonly number[]
}

/** In ranges that begin at 1, 2, 5, 10, 20, 50 … and their fractions; what is smaller than `least` is in the first range. */
export function histogram(values: readonly number[], least: number): Histogram {
  let most = least
  let smallest = Number.POSITIVE_INFINITY
  for (const value of values) {
    most = Math.max(most, value)
    smallest = Math.min(smallest, value)
  }
  if (values.length === 0) return { borders: [], counts: [] }
  const borders: number[] = []
  for (let i = step(Math.max(least, smallest)); borders.length < 2 || borders.at(-1)! <= most; i++)
    borders.push(border(i))
  const counts = new Array<number>(borders.length - 1).fill(0)
  for (const value of values) {
    let place = counts.length - 1
    while (place > 0 && value < borders[place]!) place--
    counts[place]!++
  }
  return { borders, counts }
}

const STEPS = [1, 2, 5]

// Steps are counted from 1 on, downwards as well. Powers of ten are read, since calculated ones are not exact.
function border(step: number): number {
  return Number(`${STEPS.at(step % STEPS.length)}e${Math.floor(step / STEPS.length)}`)
}

/** The last step whose border is not greater. */
function step(value: number): number {
  let step = STEPS.length * Math.floor(Math.log10(value))
  while (border(step) > value) step--
  while (border(step + 1) <= value) step++
  return step
}
