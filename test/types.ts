import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'

// What the compiler says of programs that use the emitted declarations: each of these is a file of its own.

const accepted: Record<string, string> = {
  'both decorators on methods of a Job': `
    class Climate extends Job {
      readonly results = new TrackedMap<string, number>()
      @concurrent process(lat: number, lon: number): number { return lat + lon }
      @synchronized async processAll(): Promise<Map<string, number>> {
        this.results.set('a', this.process(1, 2))
        return this.results
      }
    }`,
  'a decorated method keeps its type': `
    class Climate extends Job {
      @concurrent process(lat: number, name?: string): number { return lat + (name?.length ?? 0) }
      @concurrent({ timeout: 1 }) pick<T>(value: T): T { return value }
      @synchronized all(...ns: number[]): number[] { return ns }
      @synchronized async later(): Promise<Set<string>> { return new Set() }
    }
    const climate = new Climate()
    type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
    const same: Equal<typeof climate.process, (lat: number, name?: string) => number> = true
    const generic: Equal<typeof climate.pick, <T>(value: T) => T> = true
    const rest: Equal<typeof climate.all, (...ns: number[]) => number[]> = true
    const later: Equal<ReturnType<typeof climate.later>, Promise<Set<string>>> = true
    export { generic, later, rest, same }`,
  'an async concurrent method gives a promise': `
    class Climate extends Job { @concurrent async process(n: number): Promise<number> { return n } }
    const promise: Promise<number> = new Climate().process(1)
    promise.then((n: number) => n).catch(() => 0).finally(() => {})`,
  'a mock is typed by its method': `
    import { mockConcurrent } from 'deco-ts/testing'
    class Climate extends Job {
      base = 1
      @concurrent process(lat: number, name?: string): number { return lat }
      @concurrent async later(n: number): Promise<string> { return String(n) }
    }
    const mock = mockConcurrent(Climate, 'process', function (lat, name) { return this.base + lat + (name?.length ?? 0) })
    mockConcurrent(Climate, 'later', async (n) => n.toFixed()).restore()
    { using _ = mock }`,
  'a job is asserted to be serially equivalent': `
    import { assertSerialEquivalent } from 'deco-ts/testing'
    class Climate extends Job { @concurrent process(lat: number): number { return lat } }
    const done: Promise<void> = assertSerialEquivalent((options) => new Climate(options), (climate) => climate.process(1))
    export { done }`,
  'a protected method': 'export class Climate extends Job { @concurrent protected process(): void {} }',
  'a generic class': 'export class Sort<T> extends Job { @concurrent sort(list: T[]): T[] { return list.toSorted() } }',
  'an abstract class':
    'export abstract class Base extends Job { @concurrent process(): number { return this.factor() } abstract factor(): number }',
  'a subclass of a subclass': `
    class Base extends Job { @concurrent process(): number { return 1 } }
    export class Sub extends Base { @concurrent override process(): number { return super.process() } }`,
  'a constructor of its own': `
    export class Climate extends Job {
      constructor(readonly grid: number[], options?: JobOptions) { super(options) }
      @concurrent process(): number { return this.grid.length }
    }`,
  'a class with #private fields': `
    export class Climate extends Job {
      readonly #cache = new Map<string, number>()
      @synchronized read(): number { return this.#cache.size }
    }`,
  'every option of @concurrent': `
    export class Climate extends Job {
      @concurrent({}) a(): void {}
      @concurrent({ module: import.meta.url, mutates: 'auto', onConflict: 'error', timeout: 100, retries: 2 }) b(): void {}
      @concurrent({ module: new URL('file:///x.js'), mutates: [0, 1], onConflict: 'rerun' }) c(): void {}
      @concurrent({ mutates: false }) d(): void {}
    }
    export const options: ConcurrentOptions = { mutates: [0] as const }`,
  'TrackedMap.set takes a value and a promise of one': `
    const map = new TrackedMap<string, number>([['a', 1], ['b', Promise.resolve(2)]])
    map.set('c', 3).set('d', Promise.resolve(4)).set('e', {} as PromiseLike<number>).set('f', {} as Future<number>)
    const value: number | undefined = map.get('a')
    const settled: Promise<number | undefined> = map.settled('a')
    const plain: Map<string, number> = map
    export { plain, settled, value }`,
  'TrackedArray takes values and promises of them': `
    const list = new TrackedArray<number>(1, Promise.resolve(2))
    list.push(3, Promise.resolve(4))
    list.set(0, Promise.resolve(5))
    const first: number | undefined = list[0]
    const plain: number[] = list
    const doubled: number[] = list.map((n) => 2 * n)
    const settled: Promise<number | undefined> = list.settled(0)
    export { doubled, first, plain, settled }`,
  'tracked() and shared() keep the type': `
    const table: Record<string, number[]> = tracked({ a: [1] })
    const grid: { values: Float64Array<ArrayBuffer> } = shared({ values: new Float64Array(1) })
    export { grid, table }`,
  'a Future is awaitable': `
    declare const future: Future<number>
    export const value: number = await future
    export const promise: Promise<string> = future.then((n) => String(n))`,
  'job options': `
    const told = (progress: Progress): number => progress.done + progress.total + progress.failed
    export const job = new Job({ executor: inline(), signal: new AbortController().signal, onProgress: told })
    export const failures: readonly unknown[] = job.failures
    export const pending: number = job.pending
    export const waited: Promise<void> = job.wait()
    const left = ({ timeLeft, callsPerSecond }: Progress): number | undefined => timeLeft ?? callsPerSecond
    job.on('progress', left).off('progress', told).cancel()
    progress(0.5)
    job.cancel()
    job.cancel('reason')
    await using other = new Job()`,
  executors: `
    const executors: Executor[] = [inline(), threads(), threads({ workers: 2, batch: 'auto' }), threads({ batch: 8, resourceLimits: { maxOldGenerationSizeMb: 64 } })]
    configure({ executor: executors[0]! })`,
  '@serializable, bare and with options': `
    @serializable class Body { constructor(public mass: number) {} }
    @serializable({ module: import.meta.url }) class Star extends Body {}
    @serializable({ encode: (m: Money) => m.cents, decode: (cents: number) => new Money(cents) })
    class Money { #cents: number; constructor(cents: number) { this.#cents = cents } get cents() { return this.#cents } }
    @serializable class Sub extends Job {}
    @serializable abstract class Shape {}
    serializable.for(URL, { encode: (url) => url.href, decode: (href: string) => new URL(href) })
    export { Body, Money, Shape, Star, Sub }`,
  'the errors are classes that can be told apart': `
    const errors: DecoError[] = [new PendingReadError('x'), new ConflictError('x'), new SerializationError('x'), new RegistrationError('x', { cause: 1 }),
      new WorkerCrashError('x'), new TimeoutError('x'), new EntryModuleError('x')]
    for (const error of errors) if (error instanceof ConflictError) error.details?.path.trim()`,
}

const rejected: Record<string, [code: string, complaint: RegExp]> = {
  'an event that a job does not have': ["new Job().on('done', () => {})", /'"done"' is not assignable/],
  'a mock that gives something else than its method': [
    `import { mockConcurrent } from 'deco-ts/testing'
    class Climate extends Job { @concurrent process(lat: number): number { return lat } }
    mockConcurrent(Climate, 'process', () => 'text')`,
    /'string' is not assignable to type 'number'/,
  ],
  'a mock of a method that is not there': [
    `import { mockConcurrent } from 'deco-ts/testing'
    class Climate extends Job { @concurrent process(lat: number): number { return lat } }
    mockConcurrent(Climate, 'proces', () => 1)`,
    /'"proces"' is not assignable/,
  ],
  '@concurrent in a class that does not extend Job': [
    'export class Climate { @concurrent process(): void {} }',
    /not assignable to parameter of type 'MethodContext<Job>'/,
  ],
  '@concurrent with options in a class that does not extend Job': [
    'export class Climate { @concurrent({}) process(): void {} }',
    /Job/,
  ],
  '@synchronized in a class that does not extend Job': [
    'export class Climate { @synchronized process(): void {} }',
    /Job/,
  ],
  '@concurrent on a static method': [
    'export class Climate extends Job { @concurrent static process(): void {} }',
    /static|typeof Climate/,
  ],
  '@concurrent on a #private method': [
    'export class Climate extends Job { @concurrent #process(): void {} run() { this.#process() } }',
    /private/,
  ],
  '@concurrent on a getter': [
    'export class Climate extends Job { @concurrent get process(): number { return 1 } }',
    /Getter/,
  ],
  '@concurrent on a setter': ['export class Climate extends Job { @concurrent set process(_: number) {} }', /Setter/],
  '@concurrent on an accessor': ['export class Climate extends Job { @concurrent accessor process = 1 }', /Accessor/],
  '@concurrent on a field': ['export class Climate extends Job { @concurrent process = () => 1 }', /Field|undefined/],
  '@concurrent on a member named by a symbol': [
    'export class Climate extends Job { @concurrent [Symbol.iterator](): void {} }',
    /symbol|string/,
  ],
  '@concurrent on a class': ['@concurrent export class Climate extends Job {}', /typeof Climate/],
  '@synchronized on a static method': [
    'export class Climate extends Job { @synchronized static process(): void {} }',
    /static|typeof Climate/,
  ],
  '@synchronized on a #private method': [
    'export class Climate extends Job { @synchronized #process(): void {} run() { this.#process() } }',
    /private/,
  ],
  '@synchronized with options': [
    'export class Climate extends Job { @synchronized({}) process(): void {} }',
    /argument/,
  ],
  'an option that @concurrent does not have': [
    'export class Climate extends Job { @concurrent({ mutate: false }) process(): void {} }',
    /mutate/,
  ],
  'a bad mutates': ['export class Climate extends Job { @concurrent({ mutates: true }) process(): void {} }', /true/],
  'a bad onConflict': [
    "export class Climate extends Job { @concurrent({ onConflict: 'ignore' }) process(): void {} }",
    /ignore/,
  ],
  'a bad timeout': ["export class Climate extends Job { @concurrent({ timeout: '1' }) process(): void {} }", /string/],
  'a wrong argument of a concurrent method': [
    "class A extends Job { @concurrent a(n: number): number { return n } }\nnew A().a('x')",
    /string/,
  ],
  'a missing argument of a concurrent method': [
    'class A extends Job { @concurrent a(n: number): number { return n } }\nnew A().a()',
    /Expected 1 argument/,
  ],
  'the wrong use of a result': [
    'class A extends Job { @concurrent a(n: number): number { return n } }\nexport const s: string = new A().a(1)',
    /'?number'? is not assignable to type '?string/,
  ],
  'a result of an async method used without await': [
    'class A extends Job { @concurrent async a(): Promise<number> { return 1 } }\nexport const n: number = new A().a()',
    /Promise<number>/,
  ],
  'a wrong value in a TrackedMap': ["new TrackedMap<string, number>().set('a', 'b')", /string/],
  'a promise of a wrong value in a TrackedMap': [
    "new TrackedMap<string, number>().set('a', Promise.resolve('b'))",
    /string/,
  ],
  'a wrong key in a TrackedMap': ['new TrackedMap<string, number>().set(1, 1)', /number/],
  'a wrong value in a TrackedArray': ["new TrackedArray<number>().push('a')", /string/],
  'tracked() of a primitive': ['tracked(1)', /number/],
  '@serializable on a method': ['export class A { @serializable a(): void {} }', /Class|kind/],
  'an unknown option of a job': ['new Job({ excutor: inline() })', /excutor/],
  'a wrong executor': ["new Job({ executor: 'threads' })", /string/],
  'an unknown option of threads()': ['threads({ worker: 2 })', /worker/],
  'a wrong option of threads()': ["threads({ batch: 'all' })", /all/],
  'configure() without an executor': ['configure({})', /executor/],
  'a new value for what a job counts': ['new Job().pending = 1', /read-only|getter/],
  'a Future made by hand': ['new Future(1)', /cannot be used as a value|type/],
}

const IMPORTS = `
import {
  ConflictError, concurrent, configure, DecoError, EntryModuleError, inline, Job, PendingReadError, progress, RegistrationError, SerializationError,
  serializable, shared, synchronized, threads, TimeoutError, TrackedArray, TrackedMap, tracked, WorkerCrashError,
} from 'deco-ts'
import type { ConcurrentOptions, Executor, Future, JobOptions, Progress, SerializableOptions, ThreadsOptions } from 'deco-ts'
`

const folder = fileURLToPath(new URL('../types/', import.meta.url))
let complaints: ReadonlyMap<string, string>

test.before('the compiler has looked at every file', async () => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const files = { ...accepted, ...Object.fromEntries(Object.entries(rejected).map(([what, [code]]) => [what, code])) }
  await Promise.all(
    Object.entries(files).map(([what, code]) =>
      writeFile(join(folder, fileName(what)), `${IMPORTS}${code}\nexport {}\n`),
    ),
  )
  const compilerOptions = {
    ...{
      target: 'es2022',
      lib: ['es2023', 'esnext.decorators', 'esnext.disposable'],
      module: 'nodenext',
      types: ['node'],
    },
    ...{
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: false,
    },
    paths: { 'deco-ts': ['../src/index.d.ts'], 'deco-ts/testing': ['../src/testing/index.d.ts'] },
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  complaints = group(await compile())
})

for (const what of Object.keys(accepted)) {
  test(`the compiler accepts ${what}`, (t) => {
    t.is(complaints.get(fileName(what)) ?? '', '')
  })
}

for (const [what, [, complaint]] of Object.entries(rejected)) {
  test(`the compiler rejects ${what}`, (t) => {
    t.regex(complaints.get(fileName(what)) ?? 'accepted', complaint)
  })
}

test('the declarations themselves compile', (t) => {
  t.deepEqual(
    [...complaints.keys()].filter((file) => !/^[\w-]+\.ts$/.test(file)),
    [],
  )
})

function fileName(what: string): string {
  return `${what.toLowerCase().replace(/\W+/g, '-').replace(/^-|-$/g, '')}.ts`
}

function compile(): Promise<string> {
  const packagePath = createRequire(import.meta.url).resolve('typescript/package.json')
  const tsc = join(dirname(packagePath), 'bin/tsc')
  return new Promise((resolve) =>
    execFile(process.execPath, [tsc, '--pretty', 'false', '-p', folder], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    ),
  )
}

// What is said of each file: a complaint begins with the file's name, and lines that go on with it are indented.
function group(output: string): ReadonlyMap<string, string> {
  const said = new Map<string, string>()
  let file = ''
  for (const line of output.split('\n')) {
    file = /^(.+?)\(\d+,\d+\): error /.exec(line)?.[1] ?? file
    if (line !== '') said.set(file, `${said.get(file) ?? ''}${line}\n`)
  }
  return said
}
