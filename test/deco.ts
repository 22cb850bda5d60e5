// The programs by which DECO's users know it, and those on which it goes wrong: each gives what it gives serially.

import { ConflictError } from '../src/index.js'
import { difference } from '../src/testing/difference.js'
import { serial } from '../src/testing/index.js'
import { DecoPrograms } from './fixtures/deco-programs.js'
import { eachExecutor } from './helpers/each-executor.js'

type Program = (job: DecoPrograms) => unknown

interface Pair {
  readonly blocking: Program
  readonly async: Program
  /** What the serial run gives, where it is as well to say it. */
  readonly gives?: unknown
}

const programs: Record<string, Pair> = {
  'the last of five calls that set one index wins': {
    blocking: (job) => job.lastOfFive(),
    async: (job) => job.lastOfFiveAsync(),
    gives: { x: 4 },
  },
  'a write to a nested index is kept': {
    blocking: (job) => job.nestedWrite(),
    async: (job) => job.nestedWriteAsync(),
    gives: { a: { b0: 0, b1: 1, b2: 2 }, untouched: [1] },
  },
  "five calls that add 1 to one place make 5 with onConflict: 'rerun'": {
    blocking: (job) => job.countFiveAgain(),
    async: (job) => job.countFiveAgainAsync(),
    gives: { n: 5 },
  },
  'results by index assignment': {
    blocking: (job) => job.processDataSet([1, 2, 3]),
    async: (job) => job.processDataSetAsync([1, 2, 3]),
  },
  'results by nested index assignment': {
    blocking: (job) => job.processGrid([1, 2, 3]),
    async: (job) => job.processGridAsync([1, 2, 3]),
  },
  'n bodies, with no option, synchronized within synchronized': {
    blocking: (job) => job.simulate(),
    async: (job) => job.simulateAsync(),
  },
  'calls inside calls': { blocking: (job) => job.callsInCalls(), async: (job) => job.callsInCallsAsync() },
  'the result of a call as an argument of another': {
    blocking: (job) => job.chain(),
    async: (job) => job.chainAsync(),
  },
}

const serially = (program: Program): unknown => program(new DecoPrograms({ executor: serial() }))

for (const [title, { gives, ...styles }] of Object.entries(programs)) {
  for (const [style, program] of Object.entries(styles)) {
    eachExecutor(`${title}, ${style}`, async (t, executor) => {
      const expected = await serially(program)
      if (gives !== undefined) t.deepEqual(expected, gives)
      t.is(difference(await program(new DecoPrograms({ executor })), expected), undefined)
    })
  }
}

for (const [style, program] of Object.entries({
  blocking: (job: DecoPrograms) => job.countFive(),
  async: (job: DecoPrograms) => job.countFiveAsync(),
})) {
  eachExecutor(`five calls that add 1 to one place make 5 or a ConflictError, ${style}`, async (t, executor) => {
    t.deepEqual(await serially(program), { n: 5 })
    const job = new DecoPrograms({ executor })
    try {
      t.deepEqual(await program(job), { n: 5 })
    } catch (error) {
      t.true(error instanceof ConflictError)
      t.true(String(error).includes('at .n'), String(error))
    }
  })
}

for (const [style, program] of Object.entries({
  blocking: (job: DecoPrograms) => job.failThree(),
  async: (job: DecoPrograms) => job.failThreeAsync(),
})) {
  eachExecutor(`of three failing calls the first one's error is thrown, ${style}`, async (t, executor) => {
    const expected = await t.throwsAsync(async () => await serially(program))
    const job = new DecoPrograms({ executor })
    const error = await t.throwsAsync(async () => await program(job))
    t.is(expected?.message, 'call 2')
    t.is(difference(error, expected), undefined)
    t.deepEqual([...job.results.keys()].slice(0, 2), ['0', '1'])
    t.is(job.results.get('1'), 1)
  })
}
