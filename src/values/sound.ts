import type { Encoded } from '../protocol.js'
import { isKind } from './kinds.js'
import { isCount, malformed } from './malformed.js'

/**
 * Sees to it that an encoded graph says of every place what it is and leads nowhere else, `known` objects besides its own:
 * what decodes it need not look again. What the places hold is for the codecs to judge.
 * @throws {SerializationError} for anything that no encoder has written
 */
export function checkEncoded(encoded: Encoded, known: number): void {
  if (typeof encoded !== 'object' || encoded === null) throw malformed('it is no graph')
  const { kinds, starts, tape, refs, classes } = encoded
  if (![kinds, starts, tape, refs, classes].every(Array.isArray)) throw malformed('it is no graph')
  if (kinds.length !== starts.length) throw malformed(`it has ${kinds.length} kinds and ${starts.length} starts`)
  for (let i = 0, last = 0; i < kinds.length; i++) {
    const start = starts[i]!
    if (!isKind(kinds[i])) throw malformed('an object is of no kind')
    if (!(isCount(start, tape.length) && start >= last)) throw malformed('an object begins nowhere')
    last = start
  }
  const objects = known + kinds.length
  for (const at of refs)
    if (!isCount(at, tape.length - 1) || !isCount(tape[at], objects - 1)) throw malformed('a reference leads nowhere')
}
