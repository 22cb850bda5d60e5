import { step } from '../../values/path.js'
import { type CallStrand, KEYS, type Shadow, WHOLE } from './place.js'

/** How a call names a place: `argument 0 at .bodies[3].x`. */
export function pathOf(strand: CallStrand, shadow: Shadow | undefined, key: unknown): string {
  const { root, path } = placeOf(strand, shadow, key)
  return path === '' ? root : `${root} at ${path}`
}

/** The parameter through which a call reaches a place, and the path from there. */
export function placeOf(strand: CallStrand, shadow: Shadow | undefined, key: unknown): { root: string; path: string } {
  let path = ''
  let via = key
  for (let at = shadow; at !== undefined; ) {
    path = stepOf(at, via) + path
    const [from, by] = strand.found.get(at) ?? [undefined, 'an object of its own']
    if (from === undefined) return { root: String(by), path }
    at = from
    via = by
  }
  return { root: String(via), path }
}

function stepOf({ object }: Shadow, key: unknown): string {
  if (key === WHOLE) return ''
  if (typeof key === 'string') {
    // What was reached by a method, and stretches of a typed array.
    if (/^\(bytes? /.test(key)) return ` ${key}`
    if (key.startsWith('(')) return key
    if (ArrayBuffer.isView(object) && /^\d/.test(key)) return `[${key}]`
  }
  if (key !== KEYS) return step(object, key)
  return object instanceof Map || object instanceof Set ? '.keys()' : ' (its keys)'
}
