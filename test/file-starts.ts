import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { FileStarts } from '../src/file-starts.js'
import { SLOTS } from '../src/starts.js'

test('both sides see at once what the other one does', (t) => {
  const main = FileStarts.create()
  const worker = FileStarts.open(main.path)
  t.is(main.arrived, 0)
  for (let round = 0; round < 2 * SLOTS; round++) {
    const slot = round % SLOTS
    main.reset(slot)
    t.is(main.begun(slot), 0)
    worker.arrive(slot)
    t.is(main.arrived, round + 1)
    for (let count = 1; count <= 3; count++) {
      t.true(worker.take(slot))
      t.is(main.begun(slot), count)
    }
    t.is(main.recall(slot), 3)
    t.false(worker.take(slot))
    t.is(main.begun(slot), 3, 'a call that was refused has not begun')
    t.is(main.recall(slot), 3, 'taking back twice is taking back once')
  }
  main.close()
  worker.close()
})

test('a batch that was taken back before the worker came to it has no calls', (t) => {
  const main = FileStarts.create()
  const worker = FileStarts.open(main.path)
  main.reset(5)
  t.is(main.recall(5), 0)
  worker.arrive(5)
  t.false(worker.take(5))
  main.close()
  worker.close()
})

test('the file has no name once both have opened it, nor when one is closed that nobody opened', (t) => {
  const main = FileStarts.create()
  t.true(existsSync(main.path))
  const worker = FileStarts.open(main.path)
  t.false(existsSync(main.path))
  main.close()
  worker.close()
  const unopened = FileStarts.create()
  unopened.close()
  t.false(existsSync(unopened.path))
})

test('a file that holds something else is told, not believed', (t) => {
  const main = FileStarts.create()
  const { length } = readFileSync(main.path)
  writeFileSync(main.path, Buffer.alloc(length, 7))
  t.throws(() => main.begun(0), { message: /^Cannot read how many calls have begun: .*deco-ts-/ })
  main.close()
})

test('another process begins exactly the calls that are not taken back', async (t) => {
  const main = FileStarts.create()
  const program = fileURLToPath(new URL('fixtures/programs/ticket-taker.js', import.meta.url))
  const child = fork(program, [main.path], { execArgv: [] })
  t.teardown(() => child.kill())
  await once(child, 'message')
  for (let round = 0; round < 500; round++) {
    const slot = round % SLOTS
    main.reset(slot)
    const answered = once(child, 'message')
    child.send(slot)
    // Now before the worker has come to it, now in its midst.
    while (main.begun(slot) < round % 7) {}
    const begun = main.recall(slot)
    t.deepEqual(await answered, [begun, undefined])
    t.is(main.begun(slot), begun)
  }
  main.close()
})
