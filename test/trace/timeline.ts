// One after the other: a recording has all that happens in the thread.

import { readFileSync } from 'node:fs'
import test from 'ava'
import { inline } from '../../src/index.js'
import { type RecordedCall, record, type Trace, verdict, writeTimeline } from '../../src/trace/index.js'
import { methodsOf } from '../../src/trace/methods.js'
import type { PageData } from '../../src/trace/page-data.js'
import { Survey } from '../fixtures/survey.js'
import { Folder } from '../helpers/folder.js'

const HOSTILE = '</script><!-- <script>'

async function recorded(): Promise<Trace> {
  using recording = record()
  const survey = new Survey({ executor: inline() })
  await survey.run(10, [HOSTILE, 'b'])
  await survey.stumble(HOSTILE).catch(() => {})
  return recording.stop()
}

test.serial('a page holds the whole trace, and no text of it ends the script that it is in', async (t) => {
  const trace = await recorded()
  using folder = new Folder()
  const file = folder.file('timeline.html')
  await writeTimeline(trace, file)
  const page = readFileSync(file, 'utf8')
  const [, text] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(page)!
  const { calls, ticks, figures, ...data } = JSON.parse(text!) as PageData
  t.deepEqual(data.verdict, verdict(trace))
  t.deepEqual(figures, methodsOf(trace))
  t.deepEqual(data.methods, trace.methods)
  t.is(
    data.lengths.counts.reduce((sum, count) => sum + count, 0),
    trace.calls.filter(({ began }) => began !== null).length,
  )
  const inOrder = trace.calls.toSorted((a, b) => a.made - b.made)
  let made = 0
  for (const [i, call] of inOrder.entries()) {
    made += calls.made[i]!
    t.is(made, Math.round(call.made * ticks))
    t.is(calls.args[i], call.args)
    t.is(calls.number[i], call.number)
    t.is(made + calls.over[i]!, Math.round(call.over * ticks))
    t.is(calls.ran[i], call.began === null ? -1 : Math.round(call.ended! * ticks) - Math.round(call.began * ticks))
  }
  t.deepEqual(calls.errors, [[inOrder.findIndex(({ error }) => error !== null), `RangeError: ${HOSTILE}`]])
})

test.serial('a page asks for nothing else, and may not', async (t) => {
  const trace = await recorded()
  using folder = new Folder()
  const file = folder.file('timeline.html')
  await writeTimeline(trace, file)
  const page = readFileSync(file, 'utf8')
  t.notRegex(page, /\b(src|href)="(?!data:)/)
  t.regex(page, /default-src 'none'/)
  t.false(page.includes('{{'))
  t.true(page.includes('Copyright (c)'), 'the license of what is in it')
})

test.serial('a trace that was written as JSON and read again gives the same page', async (t) => {
  const trace = await recorded()
  using folder = new Folder()
  const [one, other] = [folder.file('one.html'), folder.file('other.html')]
  await writeTimeline(trace, one)
  await writeTimeline(JSON.parse(JSON.stringify(trace)) as Trace, other)
  t.is(readFileSync(one, 'utf8'), readFileSync(other, 'utf8'))
})

test.serial('the figures of a method are those of its calls, and together those of the trace', async (t) => {
  const trace = await recorded()
  const figures = methodsOf(trace)
  const sum = <T>(list: readonly T[], of: (item: T) => number) => list.reduce((sum, item) => sum + of(item), 0)
  const total = sum(trace.calls, ({ began, ended, outcome }: RecordedCall) =>
    outcome === 'dropped' ? 0 : (ended ?? 0) - (began ?? 0),
  )
  const near = (a: number, b: number) => t.true(Math.abs(a - b) < 1e-6, `${a} ${b}`)
  near(
    sum(figures, ({ total }) => total),
    total,
  )
  t.is(
    sum(figures, ({ calls }) => calls),
    trace.calls.length,
  )
  const handling =
    sum(trace.calls, ({ made, left }) => left - made) + sum(trace.commits, ({ began, ended }) => ended - began)
  near(
    sum(figures, ({ handling }) => handling),
    handling,
  )
})
