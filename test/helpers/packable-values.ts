import fc from 'fast-check'

/** Primitives of every kind, the odd ones as often as the others. */
export const primitive: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    true,
    false,
    0,
    -0,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    5e-324,
    '',
    '\ud800',
    'a\udc00',
  ),
  fc.integer(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
)

const memory = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.slice().buffer),
  fc.float64Array({ maxLength: 40 }),
)

/** A plain object, or a short array, of primitives: what a report holds as it is. */
export const simple: fc.Arbitrary<unknown> = fc.oneof(
  fc.array(primitive, { maxLength: 31 }),
  fc.dictionary(fc.string({ unit: 'binary' }), primitive, { maxKeys: 8, noNullPrototype: true }),
)

const ref = fc.record(
  {
    module: fc.constantFrom('file:///root/a.js', 'file:///root/b/c.js', undefined),
    position: fc.nat(9),
    name: fc.string(),
  },
  { noNullPrototype: true },
)

/** Whatever has the form of an encoded graph, others within it included. */
export const graph: fc.Arbitrary<{
  kinds: number[]
  starts: number[]
  tape: unknown[]
  refs: number[]
  classes: { module: string | undefined; position: number; name: string }[]
}> = fc.letrec<{ graph: never }>((tie) => ({
  graph: fc.record(
    {
      kinds: fc.array(fc.nat(17)),
      starts: fc.array(fc.nat(99)),
      tape: fc.array(fc.oneof({ maxDepth: 3 }, primitive, memory, tie('graph'))),
      refs: fc.array(fc.nat(99)),
      classes: fc.array(ref, { maxLength: 3 }),
    },
    { noNullPrototype: true },
  ) as fc.Arbitrary<never>,
})).graph
