import type { Codec } from './codec.js'

/** An object of a shared value, wherever it stands: the unit of that value has it. */
export const reference: Codec = {
  // Written by the encoder, which knows the unit.
  write() {},
  create: (content) => content.shared(),
}
