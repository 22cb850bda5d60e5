import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext, TestFn } from 'ava'
import type { Executor } from '../../src/index.js'
import {
  type ExecutorName,
  FAULTS,
  type Fault,
  IMPORT_FAULTS,
  type ImportFault,
  type Outcome,
  type Position,
  type Style,
} from '../fixtures/fault-table.js'
import { Faulty, importing, type Shared } from '../fixtures/faulty.js'

// Calls that travel together: those of one batch, of which one is faulty.
const BATCH = 8

/** What the table asks of an executor: one worker, batches of so many calls, and little memory. */
export type MakeExecutor = (options: { workers: 1; batch: number }) => Executor

// The whole table takes minutes: `npm run test:faults`. Otherwise one cell of each cause is tried, another of the next.
const isWhole = process.env.FAULT_TABLE === 'all'

/** A test of each fault that an executor must stand, in each position and style. They follow each other. */
export function faultTable(test: TestFn, name: ExecutorName, makeExecutor: MakeExecutor): void {
  const start = () => makeExecutor({ workers: 1, batch: BATCH })

  for (const [row, fault] of FAULTS.entries()) {
    const cells = fault.positions.flatMap((position) => fault.styles.map((style) => [position, style] as const))
    for (const [i, [position, style]] of cells.entries()) {
      const outcome = outcomeOf(fault, name, style)
      if (outcome === undefined || !(isWhole || i === row % cells.length)) continue
      test.serial(`${name}: ${fault.cause}, ${position}, ${style}`, async (t) => {
        await using executor = start()
        await (position === 'between'
          ? survivesLater(t, executor, fault, style)
          : survives(t, executor, fault, position, style, outcome))
        await stillWorks(t, executor)
      })
    }
  }

  for (const fault of IMPORT_FAULTS) {
    for (const style of fault.styles) {
      const outcome = outcomeOf(fault, name, style)
      if (outcome === undefined) continue
      const declare = style === 'sync' ? test : test.serial
      declare(`${name}: a module ${fault.cause}, ${style}`, async (t) => {
        await using executor = start()
        const job = new (importing(fault.source, fault.cause.startsWith('never ends') ? 100 : undefined))({ executor })
        const thrown = await caught(() => (style === 'sync' ? job.run : job.block).call(job, () => [job.call()]))
        checkOutcome(t, thrown, outcome)
        await stillWorks(t, executor)
      })
    }
  }
}

function outcomeOf(fault: Fault | ImportFault, name: ExecutorName, style: Style): Outcome | undefined {
  return (style.startsWith('blocking') ? fault.whileBlocked?.[name] : undefined) ?? fault.outcomes[name]
}

// One call of a batch is faulty; the others are of other jobs, and lose nothing.
async function survives(
  t: ExecutionContext,
  executor: Executor,
  fault: Fault,
  position: Position,
  style: Style,
  outcome: Outcome,
): Promise<void> {
  const [keeper, before, faulty, after] = jobs(executor)
  const gate = makeGate(t, executor)
  const method = `${style.endsWith('async') ? 'async' : 'sync'}${fault.endsInTime ? 'InTime' : ''}` as const
  const count = position === 'first' ? 0 : 4
  const body = (job: Faulty) => {
    keeper.hold(gate.key)
    square(before, count)
    const result = job[method](fault.deed)
    square(after, BATCH - 1 - count)
    // All are waiting now, and leave together.
    gate.open()
    return [result]
  }
  const isBlocking = style.startsWith('blocking')
  const thrown = await caught(() => (isBlocking ? faulty.block(body) : faulty.run(body)))
  checkOutcome(t, thrown, outcome)
  for (const [job, calls] of [
    [before, count],
    [after, BATCH - 1 - count],
  ] as const) {
    if (isBlocking) job.waitSync()
    else await job.wait()
    t.deepEqual([...job.results], squares(calls))
    t.deepEqual(job.failures, [])
  }
  await keeper.wait()
}

function makeGate(t: ExecutionContext, executor: Executor): { key: Shared | string; open: () => void } {
  if (executor.isApart) {
    const folder = mkdtempSync(join(tmpdir(), 'gate-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    const key = join(folder, 'open')
    return { key, open: () => writeFileSync(key, '') }
  }
  const key = new Int32Array(new SharedArrayBuffer(8))
  return {
    key,
    open() {
      Atomics.store(key, 0, 1)
      Atomics.notify(key, 0)
    },
  }
}

// Nobody is left whose error it could be: it is a warning.
async function survivesLater(t: ExecutionContext, executor: Executor, fault: Fault, style: Style): Promise<void> {
  const [job, other] = jobs(executor)
  const isBlocking = style.startsWith('blocking')
  const warned = new Promise<Error>((resolve) => {
    process.on('warning', function listen(warning) {
      if (warning.name !== 'WorkerCrashWarning') return
      process.off('warning', listen)
      resolve(warning)
    })
  })
  t.deepEqual(isBlocking ? job.block(() => [job.later(fault.deed)]) : await job.run(() => [job.later(fault.deed)]), [
    'returned',
  ])
  square(other, BATCH)
  if (isBlocking) other.waitSync()
  else await other.wait()
  t.deepEqual([...other.results], squares(BATCH))
  // Workers do not keep the process alive, and this one has nothing to do.
  const alive = setInterval(() => {}, 1000)
  t.regex((await warned).message, /^A worker died between calls/)
  clearInterval(alive)
}

async function stillWorks(t: ExecutionContext, executor: Executor): Promise<void> {
  const [job] = jobs(executor)
  square(job, 2 * BATCH)
  await job.wait()
  t.deepEqual([...job.results], squares(2 * BATCH))
}

function checkOutcome(t: ExecutionContext, thrown: readonly [unknown] | undefined, outcome: Outcome): void {
  t.truthy(thrown, 'nothing was thrown')
  const [error] = thrown!
  const { error: name, has = {}, says, cause } = outcome
  if (name === 'value') {
    t.deepEqual(error, outcome.has)
    t.true(Object.isFrozen(error))
  } else {
    t.true(error instanceof Error, String(error))
    const { constructor, message, cause: why } = error as Error
    t.is(constructor.name, name, message)
    for (const [key, value] of Object.entries(has)) t.deepEqual((error as Record<string, unknown>)[key], value, key)
    if (says !== undefined) t.regex(message, says)
    if (cause !== undefined) {
      const { code, message } = why as Error & { code?: string }
      t.is((why as Error).constructor.name, cause[0])
      t.true(`${code} ${message}`.includes(cause[1]), `${code} ${message}`)
    }
  }
}

async function caught(run: () => unknown): Promise<readonly [unknown] | undefined> {
  try {
    await run()
  } catch (error) {
    return [error]
  }
  return undefined
}

function jobs(executor: Executor): [Faulty, Faulty, Faulty, Faulty] {
  return [new Faulty({ executor }), new Faulty({ executor }), new Faulty({ executor }), new Faulty({ executor })]
}

function square(job: Faulty, count: number): void {
  for (let n = 0; n < count; n++) job.results.set(n, job.square(n))
}

function squares(count: number): number[][] {
  return Array.from({ length: count }, (_, n) => [n, n * n])
}
