import { concurrent, Job, synchronized } from 'deco-ts'

export class MergeSort extends Job {
  @concurrent
  sort(values: Float64Array): Float64Array {
    return values.toSorted()
  }

  @concurrent
  merge(a: Float64Array, b: Float64Array): Float64Array {
    const merged = new Float64Array(a.length + b.length)
    let [i, j] = [0, 0]
    for (let k = 0; k < merged.length; k++) merged[k] = j === b.length || a[i]! <= b[j]! ? a[i++]! : b[j++]!
    return merged
  }

  /** Sorts parts of the values, and merges them two by two: each merge waits for what it is given. */
  @synchronized
  async sortAll(values: Float64Array, parts: number): Promise<Float64Array> {
    const size = Math.ceil(values.length / parts)
    let runs = Array.from({ length: parts }, (_, part) => this.sort(values.slice(part * size, (part + 1) * size)))
    while (runs.length > 1) runs = pairs(runs).map(([a, b]) => (b === undefined ? a : this.merge(a, b)))
    return runs[0]!
  }
}

function pairs<T>(list: readonly T[]): (readonly [T, T?])[] {
  return Array.from({ length: Math.ceil(list.length / 2) }, (_, i) => [list[2 * i]!, list[2 * i + 1]] as [T, T?])
}
