import type { Reply, Unit } from '../protocol.js'

/**
 * Whether a call has thrown, by what its worker replied: an outcome is a list that begins so, behind its length. Whatever else a reply
 * says is decoded where the call was made, and nowhere else.
 */
export function hasThrown({ encoded, outcome }: Reply, units: readonly Unit[]): boolean {
  let place = outcome
  for (const unit of units) place -= unit.encoded.kinds.length
  return encoded.tape[encoded.starts[place]! + 1] === true
}
