import test from 'ava'
import { RegistrationError, serializable } from '../../src/index.js'
import { throwsSaying } from '../helpers/throws-saying.js'

// biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
const untyped = serializable as any

const misplaced: Record<string, [define: (decorator: typeof untyped) => unknown, kind: string]> = {
  'a method': [
    (decorator) =>
      class {
        @decorator
        mass(): void {}
      },
    'mass is a method',
  ],
  'a static method': [
    (decorator) =>
      // biome-ignore lint/complexity/noStaticOnlyClass: the decorator is what this is about
      class {
        @decorator
        static mass(): void {}
      },
    'mass is a method',
  ],
  'a field': [
    (decorator) =>
      class {
        @decorator
        mass = 1
      },
    'mass is a field',
  ],
  'a getter': [
    (decorator) =>
      class {
        @decorator
        get mass(): number {
          return 1
        }
      },
    'mass is a getter',
  ],
  'an accessor': [
    (decorator) =>
      class {
        @decorator
        accessor mass = 1
      },
    'mass is a accessor',
  ],
}

for (const [how, decorator] of Object.entries({ '@serializable': untyped, '@serializable({})': untyped({}) })) {
  for (const [what, [define, kind]] of Object.entries(misplaced)) {
    test(`${how} on ${what} says so`, (t) => {
      throwsSaying(
        t,
        () => define(decorator),
        RegistrationError,
        'Cannot apply @serializable',
        kind,
        'Way out: decorate the class',
      )
    })
  }
  test(`${how} called as a legacy decorator names the compiler option to turn off`, (t) => {
    throwsSaying(
      t,
      () => decorator(class Body {}),
      RegistrationError,
      '@serializable',
      'legacy decorator',
      '"experimentalDecorators"',
      'tsconfig.json',
    )
  })
}

test('where the compiler gives no metadata it says which compilers do', (t) => {
  const context = { kind: 'class', name: 'Body', metadata: undefined, addInitializer() {} }
  throwsSaying(
    t,
    () => untyped(class Body {}, context),
    RegistrationError,
    'context.metadata is undefined',
    'TypeScript 5.2',
  )
})

for (const options of [undefined, null, 'encode', 7]) {
  test(`options ${String(options)} are refused`, (t) => {
    throwsSaying(t, () => untyped(options), TypeError, `Cannot use ${String(options)} as options of @serializable`)
  })
}

for (const options of [{ encode: () => 1 }, { decode: () => ({}) }]) {
  const [given] = Object.keys(options)
  test(`${given} alone is refused, on one's own classes and on those of others`, (t) => {
    throwsSaying(
      t,
      () => untyped(options),
      TypeError,
      'only one of encode and decode',
      '@serializable',
      'Give both, or neither',
    )
    throwsSaying(
      t,
      () => untyped.for(URL, options),
      TypeError,
      'only one of encode and decode',
      'Give both, or neither',
    )
  })
}

test('encode and decode must be functions', (t) => {
  throwsSaying(t, () => untyped({ encode: 1, decode: 2 }), TypeError, 'encode', 'function')
})

test('an option that does not exist is named', (t) => {
  throwsSaying(t, () => untyped({ encoder: () => 1 }), TypeError, 'there is no option encoder')
})

test("a module that is no URL is refused, on one's own classes and on those of others", (t) => {
  const define = () => {
    @untyped({ module: './body.js' })
    class Body {}
    return Body
  }
  throwsSaying(t, define, TypeError, 'Cannot use "./body.js" as the module of @serializable', 'import.meta.url')
  throwsSaying(
    t,
    () => untyped.for(URL, { module: './url.js' }),
    TypeError,
    'Cannot use "./url.js" as the module of @serializable',
  )
})

test('serializable.for takes a class', (t) => {
  throwsSaying(t, () => untyped.for('URL', { encode: String, decode: String }), TypeError, 'URL', 'class')
})
