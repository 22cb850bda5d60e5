import v8 from 'node:v8'
import type { Memory } from './memory.js'
import { type CallStrand, type Shadow, WHOLE } from './place.js'

/**
 * Instances that keep their state to themselves and cross through `encode`, and regular expressions: whether a call has changed
 * them shows when they are looked at afterwards.
 */
export class Hidden {
  readonly #memory: Memory
  readonly #kept = new Map<
    Shadow,
    { readonly strand: CallStrand; readonly look: () => unknown; readonly before: Buffer }
  >()

  constructor(memory: Memory) {
    this.#memory = memory
  }

  /** A call has been given one. */
  keep(shadow: Shadow, look: () => unknown): void {
    const { strand } = this.#memory
    if (strand !== undefined && !this.#kept.has(shadow))
      this.#kept.set(shadow, { strand, look, before: serialize(look()) })
  }

  end(strand: CallStrand): void {
    for (const [shadow, kept] of this.#kept) {
      if (kept.strand !== strand) continue
      this.#kept.delete(shadow)
      if (!kept.before.equals(serialize(kept.look()))) this.#memory.foundWritten(strand, shadow, WHOLE)
    }
  }
}

// As it is when nobody watches.
const { serialize } = v8
