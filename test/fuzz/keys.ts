// Keys by which careless code reaches prototypes: they are ordinary keys here, and cross as what they are.

import test from 'ava'
import fc from 'fast-check'
import { inline, threads } from '../../src/index.js'
import { difference } from '../../src/testing/difference.js'
import { Bag, Keys, put } from '../fixtures/keys.js'
import { key, objectOf, runs } from '../helpers/fuzz.js'
import { watchPrototypes } from '../helpers/prototypes.js'

const executors = [inline(), threads({ workers: 1 })]
const changed = watchPrototypes()

test.after.always(() => Promise.all(executors.map((executor) => executor.close())))
test.after.always('no prototype has been reached', (t) => t.deepEqual(changed(), []))

// Plain, and nothing that structuredClone would change.
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(1, 'polluted', null),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map((entries) => objectOf(uniqueOf(entries))),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value

function uniqueOf(entries: readonly [string, unknown][]): [string, unknown][] {
  return [...new Map(entries)]
}

const copyOf = <T>(value: T): T => structuredClone(value)

const holders: Record<string, () => object> = {
  'a plain object': () => ({}),
  'an object without prototype': () => Object.create(null) as object,
  'an array': () => [1, 2],
  'a Map': () => new Map([['a', 1]]),
  'a Set': () => new Set([1]),
  'an instance': () => new Bag(),
  'an error': () => new TypeError('an error'),
}

for (const executor of executors) {
  const { name } = executor
  const usual = name === 'inline' ? 500 : 200

  test(`${name}: arguments, results, fields and errors hold them as they are`, async (t) => {
    await fc.assert(
      fc.asyncProperty(value, key, async (value, key) => {
        const job = new Keys({ executor })
        const expect = (actual: unknown) => {
          const found = difference(actual, copyOf(value))
          if (found !== undefined) throw new Error(found)
        }
        expect(await job.copy(value))
        job.keep(value)
        await job.wait()
        expect(job.kept)
        expect(Object.getOwnPropertyDescriptor(await failure(job, key, value), key)?.value)
      }),
      runs(usual / 5),
    )
    t.pass()
  })

  for (const [what, make] of Object.entries(holders)) {
    test(`${name}: ${what} is given such properties, and loses them, as in a serial run`, async (t) => {
      const deed = fc.tuple(
        key,
        fc.oneof(
          value.map((is) => ({ is })),
          fc.constant(undefined),
        ),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 5 }), async (deeds) => {
          const job = new Keys({ executor })
          const object = make()
          const serial = make()
          for (const [key, given] of deeds) {
            // The length of an array is no property that anything can be put into.
            if (Array.isArray(object) && (key === 'length' || key === '4294967294')) continue
            if (given === undefined) {
              job.remove(object, key)
              Reflect.deleteProperty(serial, key)
            } else {
              job.put(object, key, given.is)
              put(serial, key, copyOf(given.is))
            }
            await job.wait()
          }
          const found = difference(object, serial)
          if (found !== undefined) throw new Error(found)
        }),
        runs(usual / 5),
      )
      t.pass()
    })
  }

  test(`${name}: returned objects hold results by them`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key), async (keys) => {
        const found = difference(
          await new Keys({ executor }).frozen(keys),
          Object.freeze(objectOf(keys.map((key) => [key, key]))),
        )
        if (found !== undefined) throw new Error(found)
      }),
      runs(usual / 10),
    )
    t.pass()
  })

  test(`${name}: targets hold them`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key), async (keys) => {
        const job = new Keys({ executor })
        for (const key of keys) job.map.set(key, job.copy(key))
        for (const key of keys) if (key !== '__proto__') job.tree[key] = job.copy(key)
        await job.wait()
        t.deepEqual(
          [...job.map],
          keys.map((key) => [key, key]),
        )
        for (const key of keys) if (key !== '__proto__') t.is(job.tree[key], key)
      }),
      runs(usual / 10),
    )
  })
}

async function failure(job: Keys, key: string, value: unknown): Promise<object> {
  try {
    await job.fail(key, value)
  } catch (error) {
    await job.wait().catch(() => {})
    return error as object
  }
  throw new Error('it did not fail')
}
