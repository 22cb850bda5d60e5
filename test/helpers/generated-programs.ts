import fc from 'fast-check'
import type { Action, Arg, Give, Into, Place, Program, Statement } from '../fixtures/generated.js'

const KEYS = ['a', 'b', 'list', 'map', 'set', 'floats', 'next', 0, 1, 2, 5] as const

const key = fc.constantFrom<string | number>(...KEYS)
const place: fc.Arbitrary<Place> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ root: fc.nat(2), keys: fc.array(key, { minLength: 1, maxLength: 3 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      root: fc.constant(-1),
      keys: fc.oneof(
        fc.constant(['count']),
        fc.constant(['extra']),
        fc.array(key, { minLength: 1, maxLength: 2 }).map((keys) => ['state', ...keys]),
      ),
    }),
  },
)

const simple = fc.oneof<fc.Arbitrary<Action>[]>(
  fc.record({ do: fc.constant('read' as const), at: place }),
  fc.record({
    do: fc.constant('write' as const),
    at: place,
    value: fc.oneof(fc.nat(9), fc.constant('sum' as const), fc.constant('object' as const)),
  }),
  fc.record({ do: fc.constant('link' as const), at: place, to: place }),
  fc.record({ do: fc.constant('delete' as const), at: place }),
  fc.record({
    do: fc.constantFrom(
      'push' as const,
      'pop' as const,
      'shift' as const,
      'sort' as const,
      'reverse' as const,
      'count' as const,
      'each' as const,
    ),
    at: place,
  }),
)

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 20, arbitrary: simple },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('throw' as const), when: fc.nat(4) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('nested' as const), actions: fc.array(simple, { maxLength: 3 }) }),
  },
)

const arg = (calls: number): fc.Arbitrary<Arg> => {
  const leaf = fc.oneof<fc.Arbitrary<Arg>[]>(
    fc.record({ pool: fc.nat(3) }),
    fc.record({ pool: fc.nat(3) }),
    fc.record({ value: fc.nat(9) }),
    ...(calls > 0 ? [fc.record({ future: fc.nat(calls - 1) })] : []),
  )
  return fc.oneof(
    { weight: 6, arbitrary: leaf },
    { weight: 1, arbitrary: fc.record({ wrap: fc.array(leaf, { minLength: 1, maxLength: 2 }) }) },
  )
}

const into: fc.Arbitrary<Into> = fc.oneof<fc.Arbitrary<Into>[]>(
  fc.record({ map: fc.nat(3) }),
  fc.constant({ array: true as const }),
  fc.record({ row: fc.nat(1), column: fc.nat(1) }),
  fc.constant({ nothing: true as const }),
)

const statement = (calls: number) =>
  fc.oneof(
    {
      weight: 10,
      arbitrary: fc.record({
        do: fc.constant('call' as const),
        method: fc.constant('plain' as const),
        args: fc.array(arg(calls), { maxLength: 3 }),
        actions: fc.array(action, { maxLength: 5 }),
        give: fc.constantFrom<Give>('sum', 'object', 'first argument', 'wrapped'),
        into,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('peek' as const, 'forget' as const), key: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('put' as const), key: fc.nat(3), value: fc.nat(99) }) },
  )

/** Programs of up to eight statements, whose calls name earlier calls alone. */
export const programs = (rerun: boolean): fc.Arbitrary<Program> =>
  fc
    .array(statement(8), { minLength: 2, maxLength: 8 })
    .map((statements) => ({ rerun, statements: settle(statements, rerun) }))

// Makes the futures that calls name those of earlier calls.
function settle(statements: readonly Statement[], rerun: boolean): Statement[] {
  let calls = 0
  return statements.map((statement) => {
    if (statement.do !== 'call') return statement
    const made = calls++
    const fit = (arg: Arg): Arg => {
      if ('wrap' in arg) return { wrap: arg.wrap.map(fit) }
      if (!('future' in arg)) return arg
      return made === 0 ? { value: arg.future } : { future: arg.future % made }
    }
    return { ...statement, method: rerun ? 'other' : 'plain', args: statement.args.map(fit) }
  })
}

/** The objects that a program works on: nested, and reached by more than one way. */
export function pool(): unknown[] {
  const inner = { a: 1, b: 2, list: [3, 1, 2] }
  const floats = new Float64Array([1, 2, 3])
  const map = new Map<unknown, unknown>([
    ['a', inner],
    [0, 7],
    ['b', [4, 5]],
  ])
  return [
    { a: 1, next: inner, list: [5, inner, 6], set: new Set([1, 'a', 2]) },
    [inner, 2, map],
    { b: map, floats, next: { a: inner } },
    map,
  ]
}

/** A value as text that tells classes, order of keys and which objects are the same. */
export function canonical(value: unknown, seen = new Map<object, number>()): string {
  if (Object.is(value, -0)) return '-0'
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value)
  const known = seen.get(value)
  if (known !== undefined) return `#${known}`
  seen.set(value, seen.size)
  const of = (item: unknown) => canonical(item, seen)
  const props = (keys: readonly string[]) =>
    keys.map((key) => `${key}:${of((value as Record<string, unknown>)[key])}`).join()
  if (value instanceof Error) return `${value.name}(${value.message})`
  if (value instanceof Map) return `Map{${[...value].map(([key, item]) => `${of(key)}=>${of(item)}`).join()}}`
  if (value instanceof Set) return `Set{${[...value].map(of).join()}}`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}[${[...(value as Float64Array)].join()}]`
  if (Array.isArray(value)) return `[${value.length};${props(Object.keys(value))}]`
  return `${Object.getPrototypeOf(value) === Object.prototype ? '' : value.constructor?.name}{${props(Object.keys(value))}}`
}
