import { concurrent, Job, synchronized, TrackedArray } from 'deco-ts'

export class Mandelbrot extends Job {
  readonly counts = new TrackedArray<number>()

  @concurrent
  countRow(row: number, size: number): number {
    return countRow(row, size)
  }

  /** How many of `size` by `size` points lie in the set. */
  @synchronized
  async count(size: number): Promise<number> {
    for (let row = 0; row < size; row++) this.counts.push(this.countRow(row, size))
    await this.wait()
    return this.counts.reduce((total, count) => total + count, 0)
  }
}

export function countRow(row: number, size: number): number {
  let count = 0
  for (let column = 0; column < size; column++) if (isInside(point(column, size), point(row, size))) count++
  return count
}

/** On a square from -2 to 2. */
function point(index: number, size: number): number {
  return ((index + 0.5) / size) * 4 - 2
}

function isInside(real: number, imaginary: number): boolean {
  let [x, y] = [0, 0]
  for (let iteration = 0; iteration < 1000; iteration++) {
    const [x2, y2] = [x * x, y * y]
    if (x2 + y2 > 4) return false
    y = 2 * x * y + imaginary
    x = x2 - y2 + real
  }
  return true
}
