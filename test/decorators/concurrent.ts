import { runInThisContext } from 'node:vm'
import test from 'ava'
import { concurrent, inline, Job, RegistrationError, threads } from '../../src/index.js'
import { misplaced } from '../fixtures/misplaced.js'
import { rejectsSaying, throwsSaying } from '../helpers/throws-saying.js'

// What the types refuse is tested for those who have no types: in JavaScript, and behind a cast.
// biome-ignore lint/suspicious/noExplicitAny: see above
const untyped = concurrent as any

test('a class that does not extend Job is told when it is constructed', (t) => {
  class Climate {
    @untyped
    process(): void {}
  }
  throwsSaying(
    t,
    () => new Climate(),
    RegistrationError,
    '@concurrent',
    'Climate.process',
    'does not extend Job',
    'class Climate extends Job',
  )
})

for (const [how, decorator] of Object.entries({ '@concurrent': untyped, '@concurrent({})': untyped({}) })) {
  for (const [what, [define, ...parts]] of Object.entries(misplaced)) {
    test(`${how} on ${what} says so when the class is defined`, (t) => {
      throwsSaying(
        t,
        () => define(decorator),
        RegistrationError,
        'Cannot apply @concurrent to',
        ...parts,
        'Way out: decorate a public method of instances',
      )
    })
  }
}

const legacy: Record<string, unknown[]> = {
  'of a method': [{}, 'process', { value: () => 1, writable: true, configurable: true, enumerable: false }],
  'of a parameter': [{}, 'process', 0],
  'of a property': [{}, 'process'],
  'of a property, as esbuild calls it': [{}, 'process', undefined],
}

for (const [what, args] of Object.entries(legacy)) {
  for (const [how, decorator] of Object.entries({ bare: untyped, 'with options': untyped({}) })) {
    test(`called ${how} as a legacy decorator ${what} it names the compiler option to turn off`, (t) => {
      throwsSaying(
        t,
        () => decorator(...args),
        RegistrationError,
        '@concurrent',
        'process',
        'legacy decorator',
        '"experimentalDecorators"',
        'tsconfig.json',
      )
    })
  }
}

test('called as a legacy decorator of a class it names the compiler option to turn off', (t) => {
  throwsSaying(
    t,
    () => untyped(class Climate {}),
    RegistrationError,
    '@concurrent',
    'legacy decorator',
    '"experimentalDecorators"',
  )
})

test('where the compiler gives no metadata it says which compilers do', (t) => {
  const context = {
    kind: 'method',
    name: 'process',
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

const badOptions: [options: unknown, ...parts: string[]][] = [
  [undefined, 'undefined is not an object'],
  [null, 'null is not an object'],
  ['rerun', 'rerun is not an object'],
  [{ mutate: false }, 'there is no option mutate', 'module, mutates, onConflict, timeout, retries'],
  [{ mutates: true }, "mutates must be 'auto', false, or a list of parameter numbers"],
  [{ mutates: 0 }, 'mutates must be'],
  [{ mutates: [-1] }, 'mutates must be'],
  [{ mutates: [0.5] }, 'mutates must be'],
  [{ mutates: ['0'] }, 'mutates must be'],
  [{ onConflict: 'ignore' }, "onConflict must be 'error' or 'rerun'"],
  [{ timeout: 0 }, 'timeout must be a positive number of milliseconds'],
  [{ timeout: Number.NaN }, 'timeout must be'],
  [{ timeout: '100' }, 'timeout must be'],
  [{ retries: -1 }, 'retries must be a whole number'],
  [{ retries: 1.5 }, 'retries must be'],
  [{ retries: '1' }, 'retries must be'],
]

for (const [options, ...parts] of badOptions) {
  const shown = typeof options === 'object' ? JSON.stringify(options) : String(options)
  test(`options ${shown} are refused`, (t) => {
    throwsSaying(t, () => untyped(options), TypeError, 'Cannot use these options of @concurrent', ...parts)
  })
}

for (const module of ['./climate.js', 'climate', '', 1]) {
  test(`module ${JSON.stringify(module)} is refused`, (t) => {
    const define = () =>
      class extends Job {
        @untyped({ module })
        process(): void {}
      }
    throwsSaying(
      t,
      define,
      TypeError,
      `Cannot use ${JSON.stringify(String(module))} as the module of @concurrent`,
      'a URL or an absolute path',
      'import.meta.url',
    )
  })
}

const goodModules = {
  'a URL': new URL(import.meta.url),
  'the text of a URL': import.meta.url,
  'a path': '/a/climate.js',
  'a path of Windows': 'C:\\a\\climate.js',
}
for (const [what, module] of Object.entries(goodModules)) {
  test(`${what} is taken as module`, (t) => {
    t.notThrows(
      () =>
        class extends Job {
          @concurrent({ module })
          process(): void {}
        },
    )
  })
}

class Local extends Job {
  @concurrent
  double(n: number): number {
    return 2 * n
  }

  @concurrent
  async doubleLater(n: number): Promise<number> {
    return 2 * n
  }
}

test('a method detached from its job says how to call it', (t) => {
  const { double } = new Local({ executor: inline() })
  throwsSaying(
    t,
    () => double(1),
    RegistrationError,
    'Cannot call double',
    '@concurrent',
    'this is undefined',
    'job.double(…)',
  )
})

test('a method called on something that is no job names it', (t) => {
  const { double } = new Local({ executor: inline() })
  class Impostor {}
  throwsSaying(
    t,
    () => double.call(new Impostor() as Local, 1),
    RegistrationError,
    'Impostor.double',
    'does not extend Job',
  )
  throwsSaying(t, () => double.call(7 as unknown as Local, 1), RegistrationError, 'Cannot call double', 'this is 7')
})

test('a method called on an object without a class says how to call it', (t) => {
  const { double } = new Local({ executor: inline() })
  t.throws(() => double.call(Object.create(null), 1), { instanceOf: RegistrationError })
})

test('a decorated method keeps its name and its length', (t) => {
  t.is(Local.prototype.double.name, 'double')
  t.is(Local.prototype.double.length, 1)
})

test('a class whose file is not known runs inline; threads name the ways out', async (t) => {
  // Evaluated code has no file, as in the REPL.
  const decorate = runInThisContext('(concurrent) => (method, context) => concurrent(method, context)')(concurrent)
  class Made extends Job {
    @decorate
    async double(n: number): Promise<number> {
      return 2 * n
    }
  }
  t.is(await new Made({ executor: inline() }).double(4), 8)
  await using executor = threads({ workers: 1 })
  throwsSaying(
    t,
    () => new Made({ executor }).double(4),
    RegistrationError,
    'Made.double',
    'on threads',
    'module: import.meta.url',
    'inline()',
  )
})

test('a module that workers cannot import is named, with the error of the importer as its cause', async (t) => {
  class Lost extends Job {
    @concurrent({ module: new URL('./no-such-module.js', import.meta.url) })
    async process(): Promise<void> {}
  }
  const executor = threads({ workers: 1 })
  const job = new Lost({ executor })
  await rejectsSaying(t, () => job.process(), RegistrationError, 'Cannot import', 'no-such-module.js', 'in a worker')
  const [failure] = job.failures as [Error]
  t.is((failure.cause as { code?: string }).code, 'ERR_MODULE_NOT_FOUND')
  await t.throwsAsync(job.wait())
  await executor.close()
})
