import test from 'ava'
import { inline, processes, threads } from '../../src/index.js'
import { difference } from '../../src/testing/difference.js'
import { kinds } from '../fixtures/kinds-of-values.js'
import { Values } from '../fixtures/values.js'
import { alsoProcesses } from '../helpers/also-processes.js'

const executors = [inline(), threads({ workers: 1 }), ...(alsoProcesses ? [processes({ workers: 1 })] : [])]

test.after.always(() => Promise.all(executors.map((executor) => executor.close())))

for (const executor of executors) {
  for (const [kind, make] of Object.entries(kinds)) {
    test(`${executor.name}: ${kind} crosses as argument, field and result`, async (t) => {
      const job = new Values({ executor })
      const value = make()
      t.is(await job.judge(kind, value), undefined, 'as argument')
      t.is(await job.judgeLater(kind, value), undefined, 'as argument of an async method')
      t.is(difference(await job.make(kind), make()), undefined, 'as result')
      t.is(await job.echo(value), value, 'an argument that is returned is the caller’s own')
      job.field = make()
      t.is(await job.judgeField(kind), undefined, 'as field')
      t.is(difference(value, make()), undefined, 'and stays as it was')
    })
  }
}
