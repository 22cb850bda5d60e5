import test from 'ava'
import { threads, WorkerCrashError } from '../../src/index.js'
import { Deadly, type Death } from '../fixtures/deadly.js'

const LIMITS = { maxOldGenerationSizeMb: 24, maxYoungGenerationSizeMb: 4 }

type Way = 'dieAsync' | 'dieSync' | 'leaveAsync' | 'leaveSync'

const survives = test.macro(async (t, way: Way, death: Death, message: RegExp) => {
  await using executor = threads({ workers: 1, resourceLimits: LIMITS })
  const job = new Deadly({ executor })
  const error = await t.throwsAsync(async () => job[way](death), { instanceOf: WorkerCrashError })
  t.regex(error!.message, /^Cannot finish a call of Deadly\.(die|never): its worker died/)
  t.regex(error!.message, message)
  t.regex(error!.message, /Way out: .*process\.exit\(\).*resourceLimits/)
  t.deepEqual(
    [...(await job.squares(3))],
    [
      [0, 0],
      [1, 1],
      [2, 4],
    ],
  )
})

test(
  'process.exit() in a method is a WorkerCrashError, and the next calls get another worker',
  survives,
  'dieAsync',
  'exit',
  /exited with code 3/,
)
test('process.exit() in a method, while the thread is blocked', survives, 'dieSync', 'exit', /died/)
test('process.exit() after the call returned', survives, 'leaveAsync', 'exit', /exited with code 3/)
test('process.exit() after the call returned, while the thread is blocked', survives, 'leaveSync', 'exit', /died/)
test('an uncaught error after the call returned', survives, 'leaveAsync', 'throw', /left behind/)
test('an uncaught error after the call returned, while the thread is blocked', survives, 'leaveSync', 'throw', /died/)
test('an unhandled rejection after the call returned', survives, 'leaveAsync', 'reject', /left behind/)
test(
  'an unhandled rejection after the call returned, while the thread is blocked',
  survives,
  'leaveSync',
  'reject',
  /died/,
)
test('out of memory', survives, 'dieAsync', 'memory', /memory limit/)
test('out of memory, while the thread is blocked', survives, 'dieSync', 'memory', /died/)

const cannotStart = test.macro(async (t, way: 'dieAsync' | 'dieSync', flag: string, message: RegExp) => {
  await using executor = threads({ workers: 2, execArgv: [flag, './nowhere.mjs'] })
  const job = new Deadly({ executor })
  for (let i = 0; i < 2; i++) {
    const error = await t.throwsAsync(async () => job[way]('exit'))
    t.regex(error!.message, message)
    t.is(job.pending, 0)
  }
})

test('options that Node.js refuses fail every call', cannotStart, 'dieAsync', '--no-such-flag', /--no-such-flag/)
test('the same, while the thread is blocked', cannotStart, 'dieSync', '--no-such-flag', /--no-such-flag/)
test('a worker that dies before it has started', cannotStart, 'dieAsync', '--import', /its worker died .*nowhere\.mjs/)
test('the same, in a thread that is blocked', cannotStart, 'dieSync', '--import', /its worker died/)
