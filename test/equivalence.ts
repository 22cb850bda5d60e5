import test from 'ava'
import fc from 'fast-check'
import { DecoError } from '../src/index.js'
import type { Executor } from '../src/protocol.js'
import { asCall } from '../src/worker/context.js'
import { type GeneratedJob, generatedClass, type Program } from './fixtures/generated.js'
import { canonical, pool, programs } from './helpers/generated-programs.js'
import { shuffled } from './helpers/shuffled.js'

interface Ending {
  readonly threw: unknown
  readonly state: string
  readonly targets: readonly string[]
}

// The same class with the decorators out of force: every call runs in place.
function serially(program: Program): Ending {
  const objects = pool()
  const job = asCall(() => new (generatedClass())().withPool(objects))
  let threw: unknown
  let result: unknown
  try {
    result = asCall(() => job.run(program.statements))
  } catch (error) {
    threw = error
  }
  return ending(job, objects, result, threw)
}

function inParallel(program: Program, executor: Executor): Ending {
  const objects = pool()
  const job = new (generatedClass())({ executor }).withPool(objects)
  let threw: unknown
  let result: unknown
  try {
    result = job.run(program.statements)
  } catch (error) {
    threw = error
  }
  return ending(job, objects, result, threw)
}

async function inParallelAsync(program: Program, executor: Executor): Promise<Ending> {
  const objects = pool()
  const job = new (generatedClass())({ executor }).withPool(objects)
  let threw: unknown
  let result: unknown
  try {
    result = await job.runAsync(program.statements)
  } catch (error) {
    threw = error
  }
  return ending(job, objects, result, threw)
}

function ending(job: GeneratedJob, objects: unknown[], result: unknown, threw: unknown): Ending {
  const seen = new Map<object, number>()
  const state = canonical([objects, job.state, job.count, job.extra], seen)
  if (threw !== undefined) return { threw, state, targets: [] }
  return {
    threw,
    state,
    targets: [
      canonical(result, seen),
      canonical(job.map, seen),
      canonical([...job.list], seen),
      canonical(job.table, seen),
      canonical(job.seen, seen),
    ],
  }
}

function compare(serial: Ending, parallel: Ending, program: Program): void {
  if (!program.rerun && parallel.threw instanceof DecoError) return
  const [a, b] = [serial, parallel].map(
    ({ threw, state, targets }) => `${canonical(threw)}\n${state}\n${targets.join('\n')}`,
  )
  if (a !== b)
    throw new Error(
      `serial:\n${a}\nparallel:\n${b}${parallel.threw instanceof Error ? `\n${parallel.threw.stack}` : ''}`,
    )
}

// The heavy suite asks for more.
const RUNS = Number(process.env.EQUIVALENCE_RUNS ?? 250)

for (const rerun of [true, false]) {
  test(`programs with onConflict '${rerun ? 'rerun' : 'error'}' end as their serial run does, in any order of completion`, (t) => {
    t.timeout(600_000)
    fc.assert(
      fc.property(programs(rerun), fc.nat(), (program, seed) => {
        compare(serially(program), inParallel(program, shuffled(random(seed))), program)
      }),
      { numRuns: RUNS, includeErrorInReport: true },
    )
    t.pass()
  })

  test(`async programs with onConflict '${rerun ? 'rerun' : 'error'}' do as well`, async (t) => {
    t.timeout(600_000)
    await fc.assert(
      fc.asyncProperty(programs(rerun), fc.nat(), async (program, seed) => {
        compare(serially(program), await inParallelAsync(program, shuffled(random(seed))), program)
      }),
      { numRuns: RUNS, includeErrorInReport: true },
    )
    t.pass()
  })
}

// mulberry32
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296
  }
}
