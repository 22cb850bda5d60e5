import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { inline, type Progress, threads } from '../../src/index.js'
import { progressBar } from '../../src/progress/index.js'
import { Numbers } from '../fixtures/numbers.js'
import { Steps } from '../fixtures/steps.js'
import { Folder } from '../helpers/folder.js'
import { runNode, runProgram } from '../helpers/run-program.js'
import { Paper, Terminal } from '../helpers/terminal.js'
import { throwsSaying } from '../helpers/throws-saying.js'

const TIME = String.raw`in \d+(\.\d)? s, [\d,.]+/s`

test('on a terminal a bar ends with what came of its phase, and the next phase has one of its own', async (t) => {
  const stream = new Terminal()
  const job = new Numbers({ executor: inline() })
  progressBar(job, { stream, ci: true })
  await job.run(() => [job.square(1), job.square(2)])
  job.block(() => [job.square(3)])
  const lines = await stream.lines()
  t.is(lines.length, 3)
  t.regex(lines[0]!, new RegExp(`^Numbers  █+  2 calls ${TIME}$`))
  t.regex(lines[1]!, new RegExp(`^Numbers  █+  1 call ${TIME}$`))
  t.is(lines[2], '')
})

test('failed and dropped calls are named', async (t) => {
  const stream = new Terminal()
  const job = new Numbers({ executor: inline() })
  progressBar(job, { label: 'sums', stream, ci: true })
  await t.throwsAsync(job.run(() => [job.square(1), job.fail(2), job.square(3)]))
  await t.throwsAsync(
    job.run(() => {
      job.square(1)
      job.square(2)
      job.cancel()
    }),
    { any: true },
  )
  const lines = await stream.lines()
  t.is(lines.length, 3)
  t.regex(lines[0]!, new RegExp(`^sums  █+░+  1 of 3 calls, 1 failed, 1 dropped ${TIME}$`))
  t.regex(lines[1]!, /^sums {2}░+ {2}0 of 2 calls, 2 dropped in /)
})

test('it is drawn again and again in one line, by a thread that is blocked as well', async (t) => {
  using folder = new Folder()
  await using executor = threads({ workers: 1 })
  const stream = new Terminal()
  const job = new Steps({ executor })
  progressBar(job, { stream, ci: true })
  const goOn = ({ computed }: Progress) => {
    if (computed === 0.5) writeFileSync(folder.file('seen'), '')
  }
  job.on('progress', goOn)
  job.block(() => job.report(0.5, folder.file('seen')))
  t.regex(stream.written, /Steps {2}█+░+ {3}50 % {2}0 of 1 call {2}[\d.]+\/s {2}[\d.]+ s left/)
  const lines = await stream.lines()
  t.is(lines.length, 2)
  t.regex(lines[0]!, new RegExp(`^Steps  █+  1 call ${TIME}$`))
})

test('several bars stand one below the other; one that is over goes above those that are not', async (t) => {
  using folder = new Folder()
  await using executor = threads({ workers: 2 })
  const stream = new Terminal(70)
  const jobs = [new Steps({ executor }), new Steps({ executor }), new Steps({ executor })]
  for (const [i, job] of jobs.entries()) progressBar(job, { label: `job ${i + 1}`, stream, ci: true })
  const shown = jobs.map(
    (job) =>
      new Promise<void>((resolve) => {
        job.on('progress', () => resolve())
      }),
  )
  const running = jobs.map((job, i) => job.run(() => job.hold(folder.file(`${i}`))))
  await Promise.all(shown)
  // Lines that come too soon one after the other are drawn with the next.
  await new Promise<void>((resolve) => jobs[0]!.on('progress', () => resolve()))
  const before = await stream.lines()
  t.deepEqual(
    before.map((line) => line.slice(0, 5)),
    ['job 1', 'job 2', 'job 3', ''],
  )
  for (const line of before.slice(0, 3)) t.regex(line, /░ {4}0 % {2}0 of 1 call$/)
  for (const i of [1, 0, 2]) {
    writeFileSync(folder.file(`${i}`), '')
    await running[i]
  }
  const after = await stream.lines()
  t.deepEqual(
    after.map((line) => line.slice(0, 5)),
    ['job 2', 'job 1', 'job 3', ''],
  )
  for (const line of after.slice(0, 3)) t.regex(line, /█ {2}1 call in /)
})

test('the cursor is left alone', async (t) => {
  const stream = new Terminal()
  const job = new Numbers({ executor: inline() })
  progressBar(job, { stream, ci: true })
  await job.run(() => job.square(1))
  t.false(stream.written.includes('\u001B[?25'))
})

test('a bar that is stopped stays as it is, and a job that goes on says nothing more', async (t) => {
  using folder = new Folder()
  await using executor = threads({ workers: 1 })
  const stream = new Terminal()
  const job = new Steps({ executor })
  const bar = progressBar(job, { stream, ci: true })
  const shown = new Promise<void>((resolve) => {
    job.on('progress', () => resolve())
  })
  const running = job.run(() => job.hold(folder.file('seen')))
  await shown
  bar.stop()
  const { written } = stream
  bar.stop()
  writeFileSync(folder.file('seen'), '')
  await running
  t.is(stream.written, written)
  const lines = await stream.lines()
  t.is(lines.length, 2)
  t.regex(lines[0]!, /░ {4}0 % {2}0 of 1 call$/)
})

test('using ends it with its block', async (t) => {
  const stream = new Terminal()
  const job = new Numbers({ executor: inline() })
  {
    using _ = progressBar(job, { stream, ci: true })
  }
  await job.run(() => job.square(1))
  t.is(stream.written, '')
})

test('what is no terminal gets a line at the end of each phase, and now and then in between', async (t) => {
  using folder = new Folder()
  await using executor = threads({ workers: 1 })
  const stream = new Paper()
  const job = new Steps({ executor })
  progressBar(job, { stream, every: 1, ci: true })
  job.on('progress', ({ computed }) => computed === 0.5 && writeFileSync(folder.file('seen'), ''))
  await job.run(() => job.report(0.5, folder.file('seen')))
  await job.run(() => job.reportOnce(0))
  const lines = stream.written.split('\n')
  t.regex(lines.find((line) => line.includes('50 %'))!, /^Steps: 50 %, 0 of 1 call, [\d.]+\/s, [\d.]+ s left$/)
  const ends = lines.filter((line) => new RegExp(`^Steps: 1 call ${TIME}$`).test(line))
  t.is(ends.length, 2)
  t.is(lines.at(-1), '')
})

test('by default there are seconds between two lines', async (t) => {
  const stream = new Paper()
  const job = new Numbers({ executor: inline() })
  progressBar(job, { stream, ci: true })
  for (let i = 0; i < 3; i++) await job.run(() => [job.square(1), job.later(2)])
  t.is(stream.written.match(/\n/g)?.length, 3)
})

test('what is no job, and a time that is none, are refused', (t) => {
  throwsSaying(t, () => progressBar({} as never), TypeError, 'progressBar()', 'must be a job')
  for (const every of [0, -1, Number.NaN, '5' as never])
    throwsSaying(t, () => progressBar(new Numbers(), { every }), RangeError, 'every', 'a positive number of ms')
})

// Whole programs.

const program = fileURLToPath(new URL('../fixtures/programs/progress-bar.js', import.meta.url))
const { CI: _, ...env } = process.env

test('under CI nothing is shown unless it is asked for', async (t) => {
  const silent = await runNode([program, 'under CI'], { env: { ...env, CI: 'true' } })
  t.is(silent.code, 0, silent.output)
  t.is(silent.output, '')
  for (const CI of ['', 'false', '0']) {
    const loud = await runNode([program, 'under CI'], { env: { ...env, CI } })
    t.regex(loud.output, new RegExp(`^Numbers: 20 calls ${TIME}\n$`))
  }
})

test('a program that shows progress to no terminal ends by itself', async (t) => {
  const { code, output } = await runNode([program, 'async'], { env })
  t.is(code, 0, output)
  t.regex(output, new RegExp(`^Numbers: 20 calls ${TIME}\n$`))
})

// A terminal of the operating system's, where there is `script` of util-linux to make one.
const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
const onTerminal = hasTerminals ? test : test.skip

async function shownOnTerminal(what: string): Promise<{ code: number; lines: string[]; written: string }> {
  const command = `stty cols 80 rows 24; exec "${process.execPath}" "${program}" ${JSON.stringify(what)}`
  const { code, stdout } = await runProgram('script', ['-qec', command, '/dev/null'], {
    env: { ...env, TERM: 'xterm-256color', DECO_WORKERS: '2' },
  })
  const screen = new Terminal()
  screen.write(stdout)
  return { code, lines: await screen.lines(), written: stdout }
}

for (const style of ['async', 'blocking'])
  onTerminal(`a bar on a real terminal: ${style}`, async (t) => {
    const { code, lines, written } = await shownOnTerminal(style)
    t.is(code, 0, written)
    t.is(lines.length, 2, written)
    t.regex(lines[0]!, new RegExp(`^Numbers  █+  20 calls ${TIME}$`))
    t.false(written.includes('\u001B[?25'))
  })

onTerminal('several bars on a real terminal', async (t) => {
  const { code, lines, written } = await shownOnTerminal('several')
  t.is(code, 0, written)
  const calls = lines.map((line) => /^(job \d) {2}█+ {2}(\d+) calls in/.exec(line)?.slice(1).join(': '))
  t.deepEqual(calls.sort(), ['job 1: 10', 'job 2: 20', 'job 3: 30', undefined])
})

onTerminal('a job that fails on a real terminal', async (t) => {
  const { code, lines, written } = await shownOnTerminal('failing')
  t.is(code, 0, written)
  t.regex(lines[0]!, /^Numbers {2}█+░+ {2}2 of 4 calls, 1 failed, 1 dropped in /)
})

onTerminal('a program that exits in between leaves the terminal as it was', async (t) => {
  const { code, lines, written } = await shownOnTerminal('exits in between')
  t.is(code, 0, written)
  t.is(lines.at(-1), '')
  t.false(written.includes('\u001B[?25'))
})
