import type { Values } from '../protocol.js'

/**
 * Gives results that came as they are, which are plain objects and arrays of primitives, the classes of this realm. In a `vm`
 * context, such as a test file of Jest's, Node.js makes what it receives of its own.
 */
export function bringHome(values: Values): void {
  if (Object.getPrototypeOf(values) === Array.prototype || !Array.isArray(values)) return
  for (const value of values)
    if (typeof value === 'object' && value !== null)
      Object.setPrototypeOf(value, Array.isArray(value) ? Array.prototype : Object.prototype)
}
