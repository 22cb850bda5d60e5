import { stripVTControlCharacters } from 'node:util'
import test from 'ava'
import type { DoctorReport } from '../../../src/cli/doctor/report.js'
import { textOf } from '../../../src/cli/doctor/text.js'

const REPORT: DoctorReport = {
  ...({ version: 1, deco: null, node: '20.19.0', platform: 'linux-x64', project: '/app', healthy: true } as const),
  ...{ modules: [], cost: null, findings: [] },
}
const FINDING = {
  ...({ id: 'import-prints', weight: 'warning', file: 'a.js' } as const),
  ...{ what: 'one two three four five six seven eight nine ten.', wayOut: 'eleven twelve' },
}

test('nothing to mend', (t) => {
  t.is(textOf(REPORT), 'deco doctor  deco-ts not installed, Node.js 20.19.0, linux-x64\n/app\n\nNothing to mend.')
})

test('a module that could not be imported, and classes of other modules', (t) => {
  const method = {
    ...({ class: 'A', method: 'f', mutates: [0, 2], onConflict: 'error', timeout: null, retries: 0 } as const),
  }
  const [, first, second] = textOf({
    ...REPORT,
    modules: [
      { file: 'a.js', loaded: false, milliseconds: null, methods: [] },
      {
        file: 'b.js',
        loaded: true,
        milliseconds: 3,
        methods: [
          { ...method, module: 'c.js' },
          { ...method, module: null },
        ],
      },
    ],
  }).split('\n\n')
  t.is(first, 'a.js  not imported')
  const options = 'changes parameters 0, 2, onConflict error, no timeout, retries 0'
  t.is(second, `b.js  imported by a worker in 3 ms\n  A.f  ${options}, in c.js\n  A.f  ${options}, in no module`)
})

test('long lines are broken between words', (t) => {
  const [, finding] = textOf({ ...REPORT, findings: [FINDING] }, { columns: 40 }).split('\n\n')
  t.is(
    finding,
    'warning import-prints  a.js\n  one two three four five six seven\n  eight nine ten.\n  Way out: eleven twelve.',
  )
})

test('how many errors and warnings there are', (t) => {
  const error = { ...FINDING, weight: 'error' } as const
  const last = (findings: DoctorReport['findings']) =>
    textOf({ ...REPORT, findings })
      .split('\n\n')
      .at(-1)!
  t.regex(last([FINDING, FINDING]), /^2 warnings\. /)
  t.regex(last([error, FINDING]), /^1 error and 1 warning\. /)
})

test('colours change nothing but colours', (t) => {
  const report = { ...REPORT, findings: [FINDING] }
  const coloured = textOf(report, { colours: true })
  t.not(coloured, textOf(report))
  t.is(stripVTControlCharacters(coloured), textOf(report))
})
