import { concurrent, Job, synchronized } from 'deco-ts'
import type { Body } from './body.js'

export class NBody extends Job {
  /** Writes its own entry of `next`, a plain map: the change appears in the caller's map. */
  @concurrent
  step(bodies: Map<number, Body>, index: number, next: Map<number, Body>, dt: number): void {
    next.set(index, bodies.get(index)!.advanced(bodies.values(), dt))
  }

  @synchronized
  async simulate(bodies: Map<number, Body>, steps: number, dt: number): Promise<Map<number, Body>> {
    for (let step = 0; step < steps; step++) {
      const next = new Map<number, Body>()
      for (const index of bodies.keys()) this.step(bodies, index, next, dt)
      await this.wait()
      bodies = next
    }
    return bodies
  }
}
