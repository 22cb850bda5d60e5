import { concurrent, Job, progress, synchronized, TrackedArray } from 'deco-ts'

/** The volume of a unit ball, integrated slice by slice: a few long calls, each of which tells how far it has come. */
export class Ball extends Job {
  readonly slices = new TrackedArray<number>()

  @concurrent
  slice(from: number, to: number, steps: number): number {
    return slice(from, to, steps, progress)
  }

  @synchronized
  async volume(count: number, steps: number): Promise<number> {
    this.slices.length = 0
    for (let i = 0; i < count; i++) this.slices.push(this.slice(i / count, (i + 1) / count, steps))
    await this.wait()
    return 2 * this.slices.reduce((sum, volume) => sum + volume, 0)
  }
}

/** The volume between two heights above the middle, by the midpoint rule in both directions. */
export function slice(from: number, to: number, steps: number, tell: (fraction: number) => void = () => {}): number {
  const height = (to - from) / steps
  let volume = 0
  for (let i = 0; i < steps; i++) {
    const z = from + (i + 0.5) * height
    volume += area(Math.sqrt(1 - z * z), steps) * height
    tell((i + 1) / steps)
  }
  return volume
}

// Of a circle, ring by ring.
function area(radius: number, rings: number): number {
  const width = radius / rings
  let sum = 0
  for (let i = 0; i < rings; i++) sum += (i + 0.5) * width
  return 2 * Math.PI * sum * width
}
