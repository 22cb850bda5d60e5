// Whatever a module does while it is imported, nothing of it outlives the doctor.

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import test from 'ava'
import { COMPILED, USUAL } from '../../fixtures/doctor/usual.js'
import { DoctorProject } from '../../helpers/doctor-project.js'
import { root } from '../../helpers/project.js'

const modules = ['dist/scoring.js']

// All that is started holds the pipe: its end is the end of them all.
const busy = (last: string) => `${COMPILED}
import { spawn } from 'node:child_process'
import { openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { Worker } from 'node:worker_threads'
const pipe = openSync(new URL('../pipe', import.meta.url), 'w')
const stdio = ['ignore', pipe, 'ignore']
spawn('sleep', ['1000'], { stdio })
spawn('sh', ['-c', 'sleep 1000; true'], { stdio, detached: true }).unref()
new Worker('for (;;);', { eval: true })
createServer().listen(0)
process.on('SIGTERM', () => {})
writeSync(pipe, 'x')
${last}
`

function projectWith(last: string): DoctorProject {
  const project = new DoctorProject({ ...USUAL, 'dist/scoring.js': busy(last) })
  execFileSync('mkfifo', [project.path('pipe')])
  return project
}

/** Reads a pipe, in a process of its own: opening one waits for those who write, and nothing could stop that here. */
class PipeEnd {
  readonly #reader: ChildProcessByStdio<null, Readable, null>
  /** Everything that was written, when nobody holds the other end any more. */
  readonly ended: Promise<string>

  constructor(path: string) {
    this.#reader = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'ignore'] })
    this.ended = this.#read()
  }

  /** Somebody has written something. */
  async readable(): Promise<void> {
    await once(this.#reader.stdout, 'readable')
  }

  async #read(): Promise<string> {
    let text = ''
    for await (const chunk of this.#reader.stdout) text += String(chunk)
    return text
  }

  [Symbol.dispose](): void {
    this.#reader.kill('SIGKILL')
  }
}

for (const [last, id] of [
  ['', 'import-server'],
  ['for (;;);', 'import-hangs'],
  ['process.exit(1)', 'import-exits'],
] as const)
  test.serial(
    `processes, threads and servers of a module are gone after the report: ${last || 'it is imported'}`,
    async (t) => {
      using project = projectWith(last)
      using pipe = new PipeEnd(project.path('pipe'))
      const { findings } = await project.report({ modules, limit: 3000 })
      t.is(findings[0]?.id, id, JSON.stringify(findings))
      t.is(await pipe.ended, 'x')
    },
  )

test.serial('they are gone as well when the doctor itself is killed', async (t) => {
  using project = projectWith('for (;;);')
  using pipe = new PipeEnd(project.path('pipe'))
  const doctor = spawn(process.execPath, [`${root}dist/cli.js`, 'doctor', ...modules], {
    cwd: project.folder,
    stdio: 'ignore',
  })
  await pipe.readable()
  doctor.kill('SIGKILL')
  t.is(await pipe.ended, 'x')
})
