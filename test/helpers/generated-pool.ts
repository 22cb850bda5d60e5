import { Money, Point } from '../fixtures/serializable-classes.js'

/** The objects that a generated program works on, and the places in them that the program itself writes to. */
export interface Pool {
  readonly roots: readonly unknown[]
  readonly places: readonly (readonly [holder: object, key: unknown])[]
}

/** Makes objects of every kind, nested, and reached by more than one way. */
export function pool(): Pool {
  const inner: Record<string, unknown> = { a: 1, b: 2, list: [3, 1, 2] }
  const buffer = new ArrayBuffer(40)
  const floats = new Float64Array(buffer, 0, 4).fill(1.5)
  const bytes = new Uint8Array(buffer, 24, 16)
  const point = new Point(1, 2)
  const map = new Map<unknown, unknown>([
    ['a', inner],
    [0, 7],
    ['b', [4, 5]],
    [inner, 'by object'],
  ])
  const set = new Set<unknown>([inner, 1, 'a', 2, point])
  const byObject = new Map<unknown, unknown>([
    [inner, 1],
    [point, { a: 1 }],
  ])
  const first = { a: 1, next: inner, list: [5, inner, 6], set, map }
  const nested = { b: map, floats, next: { a: inner, set: new Set(['b']) }, date: new Date(1000) }
  const series = [1, 2, 3, 4, 5, 6]
  const packed = Array.from({ length: 36 }, (_, i) => i)
  const sparse: unknown[] = [1, 0, inner, 4]
  delete sparse[1]
  const bare = Object.assign(Object.create(null), { a: 1, b: point }) as Record<string, unknown>
  const error = Object.assign(new Error('in the pool'), { a: inner, b: 1 })
  const frozen = Object.freeze({ a: 1, list: [1, 2], next: inner })
  const roots = [
    first,
    [inner, 2, map],
    nested,
    map,
    series,
    inner,
    set,
    byObject,
    point,
    floats,
    bytes,
    packed,
    { point, date: nested.date, a: new Money(5), list: sparse, next: bare },
    sparse,
    bare,
    error,
    frozen,
  ]
  return {
    roots,
    places: [
      ...[first, inner, point, bare, error].map((holder) => [holder, 'a'] as const),
      [inner, 'b'],
      [series, '0'],
      [series, '2'],
      [packed, '1'],
      [map, 'a'],
      [map, 0],
      [byObject, inner],
      [set, 'a'],
      [floats, '1'],
      [nested.date, 'time'],
    ],
  }
}
