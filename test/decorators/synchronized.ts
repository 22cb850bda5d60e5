import test from 'ava'
import { concurrent, inline, Job, RegistrationError, synchronized } from '../../src/index.js'
import { misplaced } from '../fixtures/misplaced.js'
import { throwsSaying } from '../helpers/throws-saying.js'

// biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
const untyped = synchronized as any

test('a class that does not extend Job is told when it is constructed', (t) => {
  class Climate {
    @untyped
    processAll(): void {}
  }
  throwsSaying(
    t,
    () => new Climate(),
    RegistrationError,
    '@synchronized',
    'Climate.processAll',
    'does not extend Job',
    'class Climate extends Job',
  )
})

for (const [what, [define, ...parts]] of Object.entries(misplaced)) {
  test(`on ${what} it says so when the class is defined`, (t) => {
    throwsSaying(
      t,
      () => define(untyped),
      RegistrationError,
      'Cannot apply @synchronized to',
      ...parts,
      'Way out: decorate a public method of instances',
    )
  })
}

const legacy: Record<string, unknown[]> = {
  'of a method': [{}, 'processAll', { value: () => 1, writable: true, configurable: true, enumerable: false }],
  'of a parameter': [{}, 'processAll', 0],
  'of a property': [{}, 'processAll'],
}

for (const [what, args] of Object.entries(legacy)) {
  test(`called as a legacy decorator ${what} it names the compiler option to turn off`, (t) => {
    throwsSaying(
      t,
      () => untyped(...args),
      RegistrationError,
      '@synchronized',
      'processAll',
      'legacy decorator',
      '"experimentalDecorators"',
      'tsconfig.json',
    )
  })
}

test('called with options, which it has none of, it refuses', (t) => {
  throwsSaying(t, () => untyped({ timeout: 1 }), RegistrationError, 'Cannot apply @synchronized')
})

test('where the compiler gives no metadata it says which compilers do', (t) => {
  const context = {
    kind: 'method',
    name: 'processAll',
    static: false,
    private: false,
    metadata: undefined,
    addInitializer() {},
  }
  throwsSaying(
    t,
    () => untyped(() => 1, context),
    RegistrationError,
    'context.metadata is undefined',
    'TypeScript 5.2',
    'import deco-ts before',
  )
})

class Local extends Job {
  @synchronized
  both(a: number, b: number): number {
    return a + b
  }

  @synchronized
  async bothLater(a: number, b: number): Promise<number> {
    return a + b
  }
}

test('a method detached from its job says how to call it', (t) => {
  const { both, bothLater } = new Local({ executor: inline() })
  throwsSaying(
    t,
    () => both(1, 2),
    RegistrationError,
    'Cannot call both',
    '@synchronized',
    'this is undefined',
    'job.both(…)',
  )
  throwsSaying(
    t,
    () => bothLater(1, 2),
    RegistrationError,
    'Cannot call bothLater',
    '@synchronized',
    'this is undefined',
    'job.bothLater(…)',
  )
})

test('a decorated method keeps its name and its length', (t) => {
  t.is(Local.prototype.bothLater.name, 'bothLater')
  t.is(Local.prototype.bothLater.length, 2)
})

test('a method that makes no calls runs as it is written', async (t) => {
  const job = new Local({ executor: inline() })
  t.is(job.both(1, 2), 3)
  t.is(await job.bothLater(1, 2), 3)
})

test('a job without a concurrent method is a job all the same', (t) => {
  class Bare extends Job {}
  const job = new Bare()
  t.is(job.pending, 0)
  t.deepEqual(job.failures, [])
  t.notThrows(() => job.waitSync())
})

test('both decorators on one method make one call and wait for it', (t) => {
  class Twice extends Job {
    @synchronized
    @concurrent
    process(n: number): number {
      return n
    }
  }
  t.is(new Twice({ executor: inline() }).process(3), 3)
})
