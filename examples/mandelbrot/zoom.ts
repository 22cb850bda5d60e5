import { concurrent, Job, synchronized, TrackedArray } from 'deco-ts'
import { escapeRow, type View } from './escape.js'

export class Zoom extends Job {
  readonly rows = new TrackedArray<Float32Array>()

  /** Some rows take a hundred times as long as others: the batches even out. */
  @concurrent
  row(view: View, row: number, width: number, height: number): Float32Array {
    return escapeRow(view, row, width, height)
  }

  /** The rows of all views, one view after the other. */
  @synchronized
  async render(views: readonly View[], width: number, height: number): Promise<readonly Float32Array[]> {
    for (const view of views) for (let row = 0; row < height; row++) this.rows.push(this.row(view, row, width, height))
    return this.rows
  }
}
