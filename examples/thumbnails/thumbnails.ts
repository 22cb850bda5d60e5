import { concurrent, Job, synchronized } from 'deco-ts'
import { type Thumbnail, thumbnail } from './thumbnail.js'

/** What is to be made: of which file, how large, and in which format. */
export type Order = readonly [file: string, edge: number, format: 'jpeg' | 'webp']

export class Thumbnails extends Job {
  /** An async method: its call is typed as a promise, and its worker goes on to the next one when it has settled. */
  @concurrent
  async make(file: string, edge: number, format: 'jpeg' | 'webp'): Promise<Thumbnail> {
    return thumbnail(file, edge, format)
  }

  @synchronized
  async makeAll(orders: readonly Order[]): Promise<Thumbnail[]> {
    return Promise.all(orders.map((order) => this.make(...order)))
  }
}
