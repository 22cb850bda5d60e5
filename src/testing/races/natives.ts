import { syncBuiltinESMExports } from 'node:module'
import { tellOfBinaryFunctions } from './binary-functions.js'
import { tellOfBinaryMethods } from './binary-methods.js'
import { tellOfCollections } from './collections.js'
import { tellOfComparisons } from './comparisons.js'
import { tellOfCopies } from './copies.js'
import { tellOfDates } from './dates.js'
import type { Guards } from './guards.js'
import type { Membrane } from './membrane.js'
import { tellOfMemory } from './memory-views.js'
import { tellOfPredicates } from './predicates.js'
import { tellOfProperties } from './properties.js'
import { Telling } from './telling.js'

/**
 * Has the language's own methods, and those of Node.js that look closely at what they are given, tell the membrane what they do to
 * objects that calls have seen, and those that look at properties what the caller does. Returns what puts everything back.
 */
export function tellOf(membrane: Membrane, guards: Guards): () => void {
  const telling = new Telling(membrane)
  tellOfCollections(telling)
  tellOfDates(telling)
  tellOfMemory(telling)
  tellOfBinaryMethods(telling)
  tellOfBinaryFunctions(telling)
  tellOfComparisons(telling)
  tellOfPredicates(telling)
  tellOfProperties(telling, guards)
  tellOfCopies(telling)
  // For who imports functions of Node.js by their names.
  syncBuiltinESMExports()
  return () => {
    telling.stop()
    syncBuiltinESMExports()
  }
}
