import { types } from 'node:util'

/**
 * Where two values differ in anything that a program can see, in words; `undefined` if nowhere. Stricter than
 * `isDeepStrictEqual`: it also compares the order and the attributes of properties, holes, the order of Maps and Sets, how
 * objects refer to each other, what is locked, and which memory views share. What a class keeps private it shows with a
 * method `reveal`. Stacks of errors are left out: they name the place where the error was made.
 *
 * `pairs` says which objects must stand for which, where both have a history.
 */
export function difference(actual: unknown, expected: unknown, pairs: Pairs = new Map()): string | undefined {
  const partners = new Set(pairs.values())
  const counterparts = new Map<object, object>()
  const taken = new Set<object>()
  const compare = (a: unknown, b: unknown, path: string): string | undefined => {
    if (!isObject(a) || !isObject(b)) return Object.is(a, b) ? undefined : `${path}: ${show(a)} instead of ${show(b)}`
    if (pairs.has(a) ? pairs.get(a) !== b : partners.has(b)) return `${path}: is another object than before`
    if (counterparts.has(a)) return counterparts.get(a) === b ? undefined : `${path}: refers to another object`
    if (taken.has(b)) return `${path}: two objects instead of one`
    counterparts.set(a, b)
    taken.add(b)
    const parts = [partsOf(a), partsOf(b)] as const
    for (const [i, [name, part]] of parts[1].entries()) {
      const [other, its] = parts[0][i] ?? ['nothing', undefined]
      if (other !== name) return `${path}: has ${other} where ${name} should be`
      const found = compare(its, part, `${path} ${name}`)
      if (found !== undefined) return found
    }
    return parts[0].length > parts[1].length ? `${path}: has ${parts[0][parts[1].length]![0]} too many` : undefined
  }
  return compare(actual, expected, 'value')
}

export type Pairs = ReadonlyMap<object, object>

/** All objects that two values of the same shape lead to, each with its like. */
export function pairsOf(a: unknown, b: unknown, pairs = new Map<object, object>()): Pairs {
  if (!isObject(a) || !isObject(b) || pairs.has(a)) return pairs
  pairs.set(a, b)
  const others = partsOf(b)
  for (const [i, [, part]] of partsOf(a).entries()) pairsOf(part, others[i]![1], pairs)
  return pairs
}

// What an object is made of, each part under a name that tells where it stands.
function partsOf(value: object): [name: string, part: unknown][] {
  const prototype = Object.getPrototypeOf(value) as object | null
  const parts: [string, unknown][] = [
    // Classes are compared as they are, not by what they look like.
    ['prototype', PROTOTYPES.get(prototype) ?? numberOf(prototype)],
    [
      'lock',
      Object.isExtensible(value)
        ? 'open'
        : Object.isFrozen(value)
          ? 'frozen'
          : Object.isSealed(value)
            ? 'sealed'
            : 'not extensible',
    ],
    ['kind', kindOf(value)],
  ]
  if (types.isMap(value))
    for (const [key, item] of [...value].entries()) parts.push([`entry ${key}`, item[0]], [`value ${key}`, item[1]])
  if (types.isSet(value)) for (const [i, member] of [...value].entries()) parts.push([`member ${i}`, member])
  if (types.isDate(value)) parts.push(['time', value.getTime()])
  if (types.isRegExp(value)) parts.push(['pattern', String(value)])
  if (types.isBoxedPrimitive(value)) parts.push(['primitive', value.valueOf()])
  if (types.isArrayBuffer(value)) parts.push(['bytes', Buffer.from(value).toString('hex')])
  if (types.isSharedArrayBuffer(value)) parts.push(['memory', value.byteLength])
  if (ArrayBuffer.isView(value))
    parts.push(['offset', value.byteOffset], ['byteLength', value.byteLength], ['buffer', value.buffer])
  if (value instanceof DOMException) parts.push(['name', value.name], ['message', value.message])
  if ('reveal' in value && typeof value.reveal === 'function') parts.push(['reveal()', value.reveal()])
  if (value instanceof URL || value instanceof URLSearchParams) return [...parts, ['text', String(value)]]
  for (const key of Reflect.ownKeys(value)) {
    if (key === 'stack' && value instanceof Error) continue
    if (ArrayBuffer.isView(value) && /^\d+$/.test(String(key))) continue
    const { value: held, ...how } = Object.getOwnPropertyDescriptor(value, key)!
    parts.push([`${String(key)} ${JSON.stringify(how)}`, held])
  }
  return parts
}

const PROTOTYPES = new Map<object | null, string>([[null, 'null']])

function numberOf(prototype: object | null): string {
  const name = `${(prototype as { constructor?: Function }).constructor?.name} #${PROTOTYPES.size}`
  PROTOTYPES.set(prototype, name)
  return name
}

function kindOf(value: object): string {
  if (Array.isArray(value)) return 'array'
  return Object.entries(types).find(([, is]) => (is as (value: object) => boolean)(value))?.[0] ?? 'object'
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function show(value: unknown): string {
  if (isObject(value)) return 'an object'
  return Object.is(value, -0) ? '-0' : typeof value === 'string' ? JSON.stringify(value) : `${String(value)}`
}
