// The detector against the engine: on generated programs, one of them tells of a read after a write exactly when the other does.

import { randomInt } from 'node:crypto'
import test from 'ava'
import fc from 'fast-check'
import { ConflictError } from '../../src/index.js'
import { detectRaces, type Race, recording } from '../../src/testing/index.js'
import type { Action } from '../fixtures/generated/actions.js'
import {
  type Arg,
  type GeneratedClass,
  type Guide,
  generatedClass,
  type Program,
  type Statement,
} from '../fixtures/generated/job.js'
import { pool } from '../helpers/generated-pool.js'
import { programs } from '../helpers/generated-programs.js'
import { late } from '../helpers/late.js'

// The heavy suite asks for more.
const RUNS = Math.ceil(Number(process.env.EQUIVALENCE_RUNS ?? 1200) / 20)

test('a read-after-write race is reported exactly when the engine finds a conflict', async (t) => {
  const seed = Number(process.env.EQUIVALENCE_SEED ?? randomInt(2 ** 31))
  let conflicts = 0
  const check = fc.asyncProperty(programs('mixed'), async (generated) => {
    const program = recordable(generated)
    const Generated = generatedClass()
    const found = await conflictOf(Generated, program)
    if (found !== undefined) conflicts++
    const races = await racesOf(program)
    const expected = races.find(({ kind, outcome }) => kind === 'read after write' && outcome !== 'unseen')
    if ((found === undefined) !== (expected === undefined))
      throw new Error(`engine: ${found}\ndetector: ${JSON.stringify(expected)}\n${inspect(program)}`)
  })
  const details = await fc.check(check, { seed, numRuns: RUNS })
  t.log(`${conflicts} of ${RUNS} programs have conflicts; EQUIVALENCE_SEED=${seed}`)
  if (details.failed) t.fail(`EQUIVALENCE_SEED=${seed}: ${details.errorInstance}`)
  // With few programs chance has the word.
  else t.true(RUNS < 500 || conflicts * 20 > RUNS)
})

// What the engine makes of a program whose calls all leave at once: an error, or that calls ran again.
async function conflictOf(Generated: GeneratedClass, program: Program): Promise<string | undefined> {
  const its = pool()
  // From here on it is known of both methods that they change their job.
  const before = new Generated({ executor: late() }).withPool(its.roots) as never as Record<string, Function> & {
    waitSync(): void
  }
  for (const [value, method] of ['declared', 'declaredAgain'].entries()) {
    before[method]!([{ do: 'write', at: { root: -1, keys: ['count'] }, value: value + 1 }], 'sum', 0, 1, 1, 1)
    before.waitSync()
  }
  const executor = recording(late())
  const job = new Generated({ executor }).withPool(pool().roots)
  try {
    job.run(program, guide)
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error
    return error.message
  }
  const reran = executor.calls.filter(({ runs }) => runs > 1).length
  return reran > 0 ? `${reran} calls ran again` : undefined
}

function racesOf(program: Program): Promise<readonly Race[]> {
  const Generated = generatedClass()
  return detectRaces(
    (options) => new Generated(options).withPool(pool().roots),
    (job) => job.run(program, guide),
  )
}

const guide: Guide = {
  goesOn: () => true,
  own() {},
  synchronized() {},
  caught(error) {
    throw error
  },
  phaseEnded() {},
}

// Of these objects the engine records what is read; of others it may take more for read than is.
const RECORDED = [0, 1, 3, 4, 5, 6, 7, 8, 11, 14]

// The same program with methods whose reads are recorded from the first call on.
function recordable(program: Program): Program {
  const arg = (given: Arg): Arg => {
    if ('pool' in given) return { pool: RECORDED[given.pool % RECORDED.length]! }
    return 'wrap' in given ? { wrap: given.wrap.map(arg) } : given
  }
  const isKept = (action: Action): boolean => !['freeze', 'throw', 'time', 'nested', 'together'].includes(action.do)
  return program.map((phase) =>
    phase.flatMap((statement): Statement[] => {
      if (statement.do === 'own') return []
      if (statement.do !== 'call') return [statement]
      const method = /Again$/.test(statement.method) ? 'declaredAgain' : 'declared'
      const args = statement.args.map(arg)
      // Each call has actions of its own: what calls share otherwise, they would wait for each other for.
      return Array.from({ length: statement.times }, (_, i) => ({
        ...{ ...statement, method, args, times: 1 },
        actions: statement.actions.filter(isKept).map((action) => forCall(action, i)),
      }))
    }),
  )
}

// A copy of what the i-th call of a loop does.
function forCall<T>(action: T, i: number): T {
  if (typeof action !== 'object' || action === null) return action
  if (Array.isArray(action)) return action.map((part) => forCall(part, i)) as T
  if ('plus' in action) return { plus: (action.plus as number) + i } as T
  return Object.fromEntries(Object.entries(action).map(([key, part]) => [key, forCall(part, i)])) as T
}

function inspect(program: Program): string {
  return program
    .map((phase) => phase.map((statement) => JSON.stringify(statement).replaceAll('"', '')).join('\n'))
    .join('\n--\n')
}
