import { concurrent } from '../../decorators/concurrent.js'
import { Job } from '../../job.js'

/** What the cost of a call is measured with. */
export class Tiny extends Job {
  @concurrent({ mutates: false })
  call(n: number): number {
    return n
  }
}
