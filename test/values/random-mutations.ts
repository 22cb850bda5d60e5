import test from 'ava'
import fc from 'fast-check'
import { inline, processes, threads } from '../../src/index.js'
import { difference, pairsOf } from '../../src/testing/difference.js'
import {
  type Deed,
  type Held,
  KEYS,
  KINDS,
  type Made,
  make,
  mutate,
  RandomMutator,
} from '../fixtures/random-mutations.js'
import { alsoProcesses } from '../helpers/also-processes.js'

const executors = [inline(), threads({ workers: 1 }), ...(alsoProcesses ? [processes({ workers: 1 })] : [])]

test.after.always(() => Promise.all(executors.map((executor) => executor.close())))

const key = fc.constantFrom(...KEYS)
const primitive = fc.constantFrom(undefined, null, 0, -0, Number.NaN, 1, 'text', '', 2n, true)
const held: fc.Arbitrary<Held> = fc.oneof(
  primitive.map((is) => ({ is })),
  fc.nat(20).map((object) => ({ object })),
)
const made: fc.Arbitrary<Made> = fc.record({
  kind: fc.constantFrom(...KINDS),
  holds: fc.array(fc.tuple(key, held), { maxLength: 5 }),
})
const deed: fc.Arbitrary<Deed> = fc.record({ object: fc.nat(20), what: fc.nat(100), key, held })
const parts = fc.array(made, { minLength: 1, maxLength: 8 })
const deeds = fc.array(deed, { maxLength: 8 })

for (const executor of executors) {
  const numRuns = executor.name === 'inline' ? 300 : 100

  test(`${executor.name}: random changes of random objects end on the caller’s own as a serial run leaves them`, async (t) => {
    await fc.assert(
      fc.asyncProperty(parts, fc.array(deeds, { minLength: 1, maxLength: 4 }), async (parts, calls) => {
        const objects = make(parts)
        const serial = make(parts)
        const pairs = pairsOf(objects, serial)
        const job = new RandomMutator({ executor })
        for (const call of calls) {
          job.mutate(objects, call)
          mutate(serial, call)
        }
        await job.wait()
        const found = difference(objects, serial, pairs)
        if (found !== undefined) throw new Error(found)
      }),
      { numRuns },
    )
    t.pass()
  })

  test(`${executor.name}: the same where each call is given one of the objects`, async (t) => {
    await fc.assert(
      fc.asyncProperty(
        parts,
        fc.array(fc.tuple(fc.nat(20), deeds), { minLength: 1, maxLength: 6 }),
        async (parts, calls) => {
          const objects = make(parts)
          const serial = make(parts)
          const pairs = pairsOf(objects, serial)
          const job = new RandomMutator({ executor })
          for (const [i, call] of calls) {
            job.mutateOne(objects[i % objects.length]!, call)
            mutate([serial[i % serial.length]!], call)
          }
          await job.wait()
          const found = difference(objects, serial, pairs)
          if (found !== undefined) throw new Error(found)
        },
      ),
      { numRuns },
    )
    t.pass()
  })
}
