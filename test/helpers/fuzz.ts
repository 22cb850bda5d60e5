import fc from 'fast-check'

const RUNS = Number(process.env.FUZZ_RUNS ?? 1)

/** How often a property is tried; `FUZZ_RUNS` is a factor, and `FUZZ_SEED`, which a failure prints, repeats one. */
export function runs(usual: number): { numRuns: number; seed?: number } {
  const { FUZZ_SEED } = process.env
  return { numRuns: Math.ceil(usual * RUNS), ...(FUZZ_SEED !== undefined && { seed: Number(FUZZ_SEED) }) }
}

/** Keys that lead to prototypes where somebody is careless, among ordinary ones. */
export const key = fc.constantFrom(
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  'a',
  '0',
  '4294967294',
)

/** Numbers that are no count, no place and no length, among some that are. */
export const number = fc.oneof(
  { weight: 3, arbitrary: fc.nat(8) },
  fc.constantFrom(-1, -0, 0.5, Number.NaN, Infinity, -Infinity, 2 ** 30, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53),
)

const WORDS = [
  'Float64Array',
  'Buffer',
  'DataView',
  'TypeError',
  'set',
  'delete',
  'map.set',
  'bytes',
  'freeze',
  '(',
  'g',
  '',
]

/** Anything that a message can hold. */
export const anything: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 4, arbitrary: number },
    { weight: 2, arbitrary: key },
    fc.constantFrom(...WORDS),
    fc.constantFrom(undefined, null, true, false, 2n),
    fc
      .constantFrom<() => unknown>(
        () => new ArrayBuffer(16),
        () => new Float64Array(3),
        () => new Map([['a', 1]]),
        () => new Set([1]),
        () => new Date(0),
        () => ({ length: 2 ** 32, byteLength: 2 ** 32 }),
        () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'),
      )
      .map((make) => make()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map(objectOf),
  ),
})).value

/** An object with own properties of these names, whatever the names are. */
export function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  const object = {}
  for (const [name, value] of entries)
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })
  return object
}

/** A value with up to three places in it replaced, taken away, doubled or swapped. */
export function mutated<T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  const deed = fc.tuple(fc.constantFrom('replace', 'remove', 'double', 'swap', 'add'), fc.nat(1000), anything)
  return fc.tuple(value, fc.array(deed, { minLength: 1, maxLength: 3 })).map(([value, deeds]) => {
    let copy: unknown = structuredClone(value)
    for (const [what, place, other] of deeds) copy = mutate(copy, what, place, other)
    return copy
  })
}

function mutate(value: unknown, what: string, place: number, other: unknown): unknown {
  const places = placesIn(value)
  if (places.length === 0) return other
  const [holder, name] = places[place % places.length]!
  if (!Array.isArray(holder)) {
    if (what === 'remove') Reflect.deleteProperty(holder, name)
    else Object.defineProperty(holder, name, { value: other, writable: true, enumerable: true, configurable: true })
    return value
  }
  const at = Number(name)
  if (what === 'remove') holder.splice(at, 1)
  else if (what === 'double') holder.splice(at, 0, holder[at])
  else if (what === 'swap') [holder[at], holder[0]] = [holder[0], holder[at]]
  else if (what === 'add') holder.push(other)
  else holder[at] = other
  return value
}

function placesIn(value: unknown, found: [object, string][] = [], seen = new Set<object>()): [object, string][] {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return found
  seen.add(value)
  for (const [name, held] of Object.entries(value)) {
    found.push([value, name])
    placesIn(held, found, seen)
  }
  return found
}
