import fc from 'fast-check'
import {
  type Action,
  DEEDS,
  GIVES,
  type Give,
  type Key,
  type Place,
  READS,
  THROWN,
  type Value,
} from '../fixtures/generated/actions.js'
import {
  type Arg,
  type Into,
  METHODS,
  type Method,
  type Own,
  type Program,
  type Statement,
} from '../fixtures/generated/job.js'

/** Which methods a program calls, by what becomes of their stale calls. */
export type Mode = 'rerun' | 'error' | 'mixed'

type CallStatement = Extract<Statement, { do: 'call' }>

const KEYS = ['a', 'b', 'list', 'map', 'set', 'floats', 'next', 'date', 'x', '^', 0, 1, 2, 5] as const

const key = weighted<Key>([6, fc.constantFrom(...KEYS)], [2, fc.nat(2).map((n) => ({ plus: n - 1 }))])

// Places at which many calls meet: how else would one write what another has just changed?
const HOT: readonly (readonly Key[])[] = [['a'], ['a'], ['b'], ['x'], [0], [{ plus: 0 }], [{ plus: -1 }]]

const place = weighted<Place>(
  [5, record<Place>({ root: fc.constantFrom(0, 0, 1), keys: fc.constantFrom(...HOT) })],
  [5, record<Place>({ root: fc.nat(2), keys: fc.array(key, { minLength: 1, maxLength: 3 }) })],
  [
    1,
    record<Place>({
      root: fc.constant(-1),
      keys: weighted<readonly Key[]>(
        [1, fc.constantFrom(['count'], ['extra'])],
        [1, fc.array(key, { maxLength: 2 }).map((keys) => ['state', ...keys])],
      ),
    }),
  ],
)

const value = weighted<Value>(
  // Some of these are there from the beginning: writing them makes no difference.
  [4, fc.constantFrom(1, 1, 2, 3)],
  [4, fc.constantFrom<Value>('sum', 'object', 'map', 'instance', 'same', 'undefined', '-0', 'slice')],
)

const simple = weighted<Action>(
  [16, record<Action>({ do: fc.constantFrom('read', 'has', 'delete', 'increment'), at: place })],
  [16, record<Action>({ do: fc.constant('write'), at: place, value })],
  [12, record<Action>({ do: fc.constantFrom('link', 'key', 'ask', 'swap', 'roll'), at: place, to: place })],
  [28, record<Action>({ do: fc.constantFrom(...DEEDS), at: place })],
  // What is locked refuses most of what comes later.
  [1, record<Action>({ do: fc.constant('freeze'), at: place })],
)

const action = weighted<Action>(
  [40, simple],
  [1, record<Action>({ do: fc.constant('throw'), when: fc.nat(4), what: fc.constantFrom(...THROWN) })],
  [
    2,
    record<Action>({
      do: fc.constant('nested'),
      method: fc.constantFrom(...methodsOf('mixed')),
      actions: fc.array(simple, { maxLength: 3 }),
    }),
  ],
  [1, record<Action>({ do: fc.constant('together'), actions: fc.array(simple, { maxLength: 2 }) })],
)

const leaf = weighted<Arg>(
  [8, record<Arg>({ pool: fc.nat(16) })],
  // The same few objects again and again: this is how calls come to conflict.
  [8, record<Arg>({ pool: fc.nat(4) })],
  [1, record<Arg>({ value: fc.nat(9) })],
  [5, record<Arg>({ result: fc.nat(9) })],
  [1, fc.constant({ self: true })],
)

const arg = weighted<Arg>([8, leaf], [1, record<Arg>({ wrap: fc.array(leaf, { minLength: 1, maxLength: 2 }) })])

const into = weighted<Into>(
  [4, record<Into>({ map: fc.nat(3) })],
  [3, record<Into>({ list: fc.constantFrom<'push' | number>('push', 'push', 0, 1, 4) })],
  [2, record<Into>({ row: fc.nat(1), column: fc.nat(1) })],
  [1, record<Into>({ both: fc.nat(2) })],
  [1, fc.constant({ nothing: true })],
)

const call = (mode: Mode): fc.Arbitrary<Statement> =>
  record<CallStatement>({
    do: fc.constant('call'),
    method: fc.constantFrom(...methodsOf(mode)),
    times: fc.constantFrom(1, 1, 1, 2, 3),
    args: fc.array(arg, { maxLength: 3 }),
    actions: fc.array(action, { maxLength: 5 }),
    give: fc.constantFrom<Give>(...GIVES, 'sum', 'sum', 'first argument', 'nested'),
    into,
  }).map(withinItsRights)

const statement = (mode: Mode) =>
  weighted<Statement>(
    [16, call(mode)],
    [2, record<Statement>({ do: fc.constantFrom('wait', 'yield', 'iterate', 'list keys', 'clear') })],
    [
      3,
      record<Statement>({
        do: fc.constantFrom('peek', 'peek', 'peek list', 'forget', 'shorten', 'drop row'),
        key: fc.nat(3),
      }),
    ],
    [1, record<Statement>({ do: fc.constantFrom('put', 'put list', 'put cell'), key: fc.nat(1), value: fc.nat(99) })],
    [
      2,
      record<Statement>({
        do: fc.constant('own'),
        place: fc.nat(15),
        how: fc.constantFrom<Own>('set', 'set', 'object', 'delete'),
      }),
    ],
  )

/** Programs of up to fifteen statements in up to three phases. */
export const programs = (mode: Mode): fc.Arbitrary<Program> =>
  fc
    .tuple(
      fc.array(statement(mode), { minLength: 2, maxLength: 15, size: 'max' }),
      fc.array(fc.nat(14), { maxLength: 2 }),
    )
    .map(([statements, cuts]) => {
      const [a = 0, b = a] = cuts.map((cut) => cut % statements.length).sort((a, b) => a - b)
      return [statements.slice(0, a), statements.slice(a, b), statements.slice(b)].filter(({ length }) => length > 0)
    })

function methodsOf(mode: Mode): Method[] {
  return (Object.keys(METHODS) as Method[]).filter(
    (method) => mode === 'mixed' || METHODS[method].rerun === (mode === 'rerun'),
  )
}

// Takes from a call what its method is declared not to do.
function withinItsRights(call: CallStatement): Statement {
  const { may } = METHODS[call.method]
  if (may === 'all') return call
  const allows = (action: Action): boolean =>
    READS.has(action.do) ||
    (may !== 'read' &&
      // An object that is put into the first argument is the first argument's from then on.
      !['link', 'key', 'swap', 'nested', 'together'].includes(action.do) &&
      'at' in action &&
      action.at.root <= 0)
  // With fewer arguments, another root would mean the first.
  const args = [...call.args]
  while (args.length < 3) args.push({ value: 1 })
  return { ...call, args, actions: call.actions.filter(allows) }
}

function weighted<T>(...options: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...options.map(([weight, arbitrary]) => ({ weight, arbitrary })))
}

function record<T>(parts: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> {
  return fc.record(parts, { noNullPrototype: true }) as fc.Arbitrary<T>
}
