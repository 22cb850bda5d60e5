import { realpathSync } from 'node:fs'
import test from 'ava'
import { doctorSettings } from '../../../src/cli/doctor/settings.js'
import { UsageError } from '../../../src/cli/usage-error.js'
import { root } from '../../helpers/project.js'

test('what is left out', (t) => {
  t.deepEqual(doctorSettings([]), {
    ...{ cwd: realpathSync('.'), modules: [], json: false, measure: true, limit: 10_000, slow: 1000, ignore: [] },
  })
})

test('every option goes where it belongs', (t) => {
  const ignored = ['--ignore', 'engines', '--ignore', 'import-slow']
  const times = ['--timeout', '5', '--slow', '7']
  t.deepEqual(
    doctorSettings(['--cwd', `${root}src`, 'job.ts', './job.ts', '--json', '--no-measure', ...ignored, ...times]),
    {
      ...{ cwd: `${root}src`, modules: [`${root}src/job.ts`], json: true, measure: false, limit: 5, slow: 7 },
      ignore: ['engines', 'import-slow'],
    },
  )
})

const misused: [args: readonly string[], says: RegExp][] = [
  [['--fast'], /^Cannot run deco doctor: Unknown option '--fast'\. Way out: deco doctor --help$/],
  [['nowhere.js'], /^Cannot use nowhere\.js for deco doctor: it must be a file that is there, seen from \//],
  [['--cwd', root, 'src'], /^Cannot use src for deco doctor: it must be a file that is there/],
  [['--cwd', 'nowhere'], /^Cannot use --cwd nowhere for deco doctor: it must be a folder that is there\.$/],
  [['--cwd', `${root}package.json`], /^Cannot use --cwd \S+ for deco doctor: it must be a folder/],
  [['--timeout', 'soon'], /^Cannot use --timeout soon for deco doctor: it must be a whole number of milliseconds\.$/],
  [['--timeout', '0'], /^Cannot use --timeout 0 /],
  [['--slow', '-1'], /^Cannot run deco doctor: Option '--slow'/],
  [
    ['--ignore', 'it'],
    /^Cannot use --ignore it for deco doctor: there is no such finding\. Way out: docs\/doctor\.md$/,
  ],
]

for (const [args, says] of misused)
  test(`says what is wrong with ${args.join(' ').replace(root, '…/')}`, (t) => {
    t.throws(() => doctorSettings(args), { instanceOf: UsageError, message: says })
  })
