import { serialize } from 'node:v8'
import { type Memory, type Shadow, WHOLE } from './memory.js'
import type { Strand } from './strand.js'

/**
 * Instances that keep their state to themselves and cross through `encode`, and regular expressions: whether a call has changed
 * them shows when they are looked at afterwards.
 */
export class Hidden {
  readonly #memory: Memory
  readonly #kept = new Map<Shadow, { readonly strand: Strand; readonly look: () => unknown; readonly before: Buffer }>()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** A call has been given one. */
  keep(shadow: Shadow, look: () => unknown): void {
    const { strand } = this.#memory
    if (strand !== undefined && !this.#kept.has(shadow))
      this.#kept.set(shadow, { strand, look, before: serialize(look()) })
  }

  end(strand: Strand): void {
    for (const [shadow, kept] of this.#kept) {
      if (kept.strand !== strand) continue
      this.#kept.delete(shadow)
      if (!kept.before.equals(serialize(kept.look()))) this.#memory.foundWritten(strand, shadow, WHOLE)
    }
  }
}
