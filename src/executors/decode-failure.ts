import type { Encoded } from '../protocol.js'
import { decodeAlone } from '../values/graph.js'

/** The error that a worker sent, or why it cannot be had. */
export function decodeFailure(error: Encoded): unknown {
  try {
    return decodeAlone(error)
  } catch (cause) {
    return cause
  }
}
