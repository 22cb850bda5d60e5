import assert from 'node:assert'
import crypto from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import util, { inspect, isDeepStrictEqual, types } from 'node:util'
import v8 from 'node:v8'
import zlib from 'node:zlib'
import test from 'ava'
import { inline, type JobOptions, SerializationError, serializable } from '../../src/index.js'
import { assertNoRaces, detectRaces, serial } from '../../src/testing/index.js'
import { DecoPrograms } from '../fixtures/deco-programs.js'
import { CLEAN, type Expected, RACY } from '../fixtures/races/corpus.js'
import { type Item, Racy } from '../fixtures/races/jobs.js'
import { asExpected } from '../fixtures/races/told.js'

@serializable
class OpenSafe {
  #n = 1

  open(): number {
    return this.#n
  }
}

for (const { title, run, races } of RACY) {
  test(`races: ${title}`, async (t) => {
    const found = await detectRaces((options) => new Racy(options), run)
    const wanted = races.map((race): Expected => ({ count: 1, ...race }))
    t.deepEqual(found.map(asExpected), wanted)
  })
}

for (const { title, run } of CLEAN) {
  test(`clean: ${title}`, async (t) => {
    t.deepEqual(await detectRaces((options) => new Racy(options), run), [])
  })
}

test('the corpus has at least sixty jobs, half of them racy', (t) => {
  t.true(RACY.length >= 30)
  t.true(RACY.length + CLEAN.length >= 60)
})

test('assertNoRaces tells both calls, both lines, the place, what becomes of it and the way out', async (t) => {
  const error = await t.throwsAsync(
    assertNoRaces(
      (options) => new Racy(options),
      (job) => {
        const item: Item = { n: 0, m: 0 }
        for (let i = 0; i < 3; i++) job.add(item, i + 1)
        job.writeOther(item, 1)
        return item.m
      },
    ),
  )
  const lines = new Map<string, number>()
  const message = error!.message.replaceAll(/at \S+[/\\]([\w-]+\.)[jt]s:\d+:\d+/g, (line, file) => {
    if (!lines.has(line)) lines.set(line, lines.size + 1)
    return `at ${file}ts, line ${'ABC'[lines.get(line)! - 1] ?? 'D'}`
  })
  t.is(message, REPORT)
})

test('assertNoRaces lets pass what it is told to', async (t) => {
  const run = (job: Racy) => {
    const item = { n: 0 }
    job.write(item, 1)
    job.write(item, 2)
  }
  const make = (options: JobOptions) => new Racy(options)
  await t.notThrowsAsync(assertNoRaces(make, run, { allow: ['serial order'] }))
  await t.throwsAsync(assertNoRaces(make, run, { allow: ['rerun'] }))
})

test('the caller has its own objects back as they were, without accessors', async (t) => {
  const item: Item = { n: 0, list: [1] }
  await detectRaces(
    (options) => new Racy(options),
    (job) => {
      job.add(item, 1)
      t.truthy(Object.getOwnPropertyDescriptor(item, 'n'))
      job.json(item)
    },
  )
  t.deepEqual(Object.getOwnPropertyDescriptors(item), Object.getOwnPropertyDescriptors({ n: 1, list: [1] }))
})

test('no method of the language or of Node.js stays replaced', async (t) => {
  const holders: readonly object[] = [
    ...[
      globalThis,
      Object,
      Reflect,
      ArrayBuffer,
      Buffer,
      Atomics,
      types,
      util,
      assert,
      assert.strict,
      crypto,
      zlib,
      v8,
    ],
    ...[Map, Set, Date, DataView, ArrayBuffer, Float64Array, Uint8Array, Buffer, Object, crypto.Hash, TextDecoder].map(
      ({ prototype }) => prototype as object,
    ),
    Object.getPrototypeOf(Uint8Array.prototype) as object,
  ]
  // Node.js makes these when somebody asks for them.
  t.deepEqual([typeof TextEncoder, typeof Blob], ['function', 'function'])
  const all = () =>
    holders.map(
      (holder) =>
        new Map(
          Reflect.ownKeys(holder).map((name) => {
            const { value, get } = Object.getOwnPropertyDescriptor(holder, name)!
            return [name, value ?? get] as const
          }),
        ),
    )
  const before = all()
  const compare = isDeepStrictEqual
  let within: unknown
  await detectRaces(
    (options) => new Racy(options),
    (job) => {
      within = isDeepStrictEqual
      job.add({ n: 0 }, 1)
    },
  )
  t.not(within, compare)
  t.is(isDeepStrictEqual, compare)
  const after = all()
  t.deepEqual(
    before.flatMap((methods, i) =>
      [...methods].filter(([name, method]) => !Object.is(method, after[i]?.get(name))).map(([name]) => name),
    ),
    [],
  )
})

test('what run throws is thrown, and the next one is examined all the same', async (t) => {
  const make = (options: JobOptions) => new Racy(options)
  await t.throwsAsync(
    detectRaces(make, (job) => {
      job.fail()
      return job.wait()
    }),
    { instanceOf: RangeError, message: 'failed' },
  )
  t.deepEqual(await detectRaces(make, (job) => job.add({ n: 0 }, 1)), [])
})

test('a job that was not made with the options is refused', async (t) => {
  const error = await t.throwsAsync(
    detectRaces(
      () => new Racy({ executor: inline() }),
      () => {},
    ),
    { instanceOf: TypeError },
  )
  t.regex(error!.message, /^Cannot look for races: .* Way out: /)
})

test('a program does what it does serially, whatever its caller does between the calls', async (t) => {
  const run = async (job: Racy) => {
    const [one, list]: [Item, number[]] = [{ n: 1 }, [1, 2]]
    const rows = new Map([['a', [1, 2, 3]]])
    const results = [job.read(one), job.get(list, 0), job.lastOfRows(rows), job.lastOfRows(new Set([[1, 2, 3]]))]
    const shown = inspect({ one, rows })
    Reflect.deleteProperty(one, 'n')
    one.n = 7
    list.length = 0
    list.push(9)
    Object.defineProperty(rows, 'extra', { value: 1, enumerable: true })
    results.push(job.read(one), job.get(list, 0))
    results.push(job.reason(Object.assign(new RangeError('x'), { code: 'E' })) as never)
    Reflect.deleteProperty(one, 'n')
    results.push(job.read(one))
    await job.wait()
    const settled = await Promise.all(results)
    return { settled, one, list, shown, attributes: Object.getOwnPropertyDescriptors(one) }
  }
  let result: unknown
  await detectRaces(
    (options) => new Racy(options),
    async (job) => {
      result = await run(job)
    },
  )
  t.deepEqual(result, await run(new Racy({ executor: serial() })))
})

test('a call that nobody waited for leaves nothing behind', async (t) => {
  const list = [0]
  await t.throwsAsync(
    detectRaces(
      (options) => new Racy(options),
      (job) => {
        void job.setLater(list, 0)
        throw new RangeError('mine')
      },
    ),
    { message: 'mine' },
  )
  await setImmediate()
  t.deepEqual(Object.getOwnPropertyDescriptors(list), Object.getOwnPropertyDescriptors([0]))
})

test('a #private field is refused as it is in a worker', async (t) => {
  const error = await t.throwsAsync(
    detectRaces(
      (options) => new Racy(options),
      (job) => {
        job.openSafe(new OpenSafe() as never)
        return job.wait()
      },
    ),
    { instanceOf: SerializationError },
  )
  t.regex(error!.message, /^Cannot run Racy\.openSafe in a worker: it touches a #private member/)
})

test('a run within a run is refused, as it would wait for itself', async (t) => {
  const make = (options: JobOptions) => new Racy(options)
  await t.throwsAsync(
    detectRaces(make, () => detectRaces(make, () => {})),
    { message: /^Cannot look for races within a run/ },
  )
})

test('what other code of the process makes meanwhile is its own', async (t) => {
  let begins = () => {}
  let end = () => {}
  const began = new Promise<void>((resolve) => {
    begins = resolve
  })
  const ends = new Promise<void>((resolve) => {
    end = resolve
  })
  const examined = detectRaces(
    (options) => new Racy(options),
    () => {
      begins()
      return ends
    },
  )
  await began
  t.false(types.isProxy(new Float64Array(1)))
  end()
  t.deepEqual(await examined, [])
})

test('arguments that are none are refused', async (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: what the types refuse must be told to those who have none
  const [detect, assertNone] = [detectRaces, assertNoRaces] as any[]
  const make = (options: JobOptions) => new Racy(options)
  await t.throwsAsync(
    detect(1, () => {}),
    { instanceOf: TypeError, message: /^Cannot use 1 as makeJob of detectRaces/ },
  )
  await t.throwsAsync(detect(make), { instanceOf: TypeError, message: /^Cannot use undefined as run/ })
  for (const options of [null, { allow: 'rerun' }, { allow: ['some'] }, { alow: [] }])
    await t.throwsAsync(
      assertNone(make, () => {}, options),
      { instanceOf: TypeError, message: /^Cannot use .* assertNoRaces/ },
    )
})

for (const program of ['processDataSet', 'processGrid', 'simulate', 'simulateAsync', 'chain', 'chainAsync'] as const) {
  test(`DECO's programs: ${program} is clean, and gives what it gives serially`, async (t) => {
    let result: unknown
    const races = await detectRaces(
      (options) => new DecoPrograms(options),
      async (job) => {
        result = await job[program]([1, 2, 3])
      },
    )
    t.deepEqual(races, [])
    t.deepEqual(result, await new DecoPrograms({ executor: serial() })[program]([1, 2, 3]))
  })
}

const REPORT = `Found 2 determinacy races.

1. Read after write of .n, 3 times
   first call 1 of Racy.add({ n, m }, 1) writes argument 0 at .n
         at jobs.ts, line A
   then  call 2 of Racy.add({ n, m }, 2) reads argument 0 at .n
         at jobs.ts, line B
   deco-ts refuses it: the next synchronization event throws.
   Way out: mark Racy.add @concurrent({ onConflict: 'rerun' }), pass it the result of Racy.add, or wait between the two.

2. Read after write of .m
   first call 4 of Racy.writeOther({ n, m }, 1) writes argument 0 at .m
         at jobs.ts, line C
   then  the caller reads argument 0 at .m
         at races.ts, line D
   deco-ts cannot see it: the result may silently differ from that of the serial run.
   Way out: read it after \`await this.wait()\`, or wrap the object in tracked(), so that the read waits.`
