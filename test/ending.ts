import { fileURLToPath } from 'node:url'
import test from 'ava'
import { runNode } from './helpers/run-program.js'

const program = fileURLToPath(new URL('fixtures/programs/ending.js', import.meta.url))
const env = { ...process.env, DECO_WORKERS: '2' }

const RAN = /^call \d$/gm

const ends = test.macro({
  async exec(t, ending: string, calls: number, output: RegExp = /(?:)/) {
    const { code, stdout, output: printed } = await runNode([program, ending], { env })
    t.is(code, 0, printed)
    t.is(printed, stdout)
    t.is(stdout.match(RAN)?.length ?? 0, calls)
    t.regex(stdout, output)
  },
  title: (_, ending) => `a program ends by itself that ${ending}`,
})

const fails = test.macro({
  async exec(t, ending: string, message: string) {
    const { code, output } = await runNode([program, ending], { env })
    t.true(code > 0, output)
    t.true(output.includes(`RangeError: ${message}`), output)
    t.regex(output, /at Recorder\.fail .*recorder/)
    t.regex(output, /ending\.(js|ts)/)
  },
  title: (_, ending) => `a program ends with the error that ${ending}`,
})

test(ends, 'only imports', 0)
test(ends, 'constructs a job', 0)
test(ends, 'makes one call and does not wait', 1)
test(ends, 'makes calls and does not wait', 5)
test(ends, 'waits, and leaves its lanes idle', 5, /results 0,1,4,9,16/)
test(ends, 'blocks', 5, /results 0,1,4,9,16/)
test(ends, 'blocks, then makes calls and does not wait', 5, /results 0,1$/m)
test(ends, 'has an executor of its own, which it does not close', 5, /results 0,1,4,9,16/)
test(ends, 'fails, and the error is caught', 0, /^caught$/m)
test(ends, 'fails, and the error of its Future is caught', 0, /^caught$/m)
test(ends, 'is cancelled', 0)
test(ends, 'fails while blocked, and the error is caught', 0, /^caught$/m)
test(fails, 'fails, and nobody waits', 'lost')
test(fails, 'fails, and the error is awaited but not caught', 'not caught')
test(fails, 'fails while blocked, and the error is not caught', 'not caught')
