import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type DoctorReport, makeReport, type ReportOptions } from '../../src/cli/doctor/report.js'
import { root } from './project.js'

/** A file's text, or an installed package of this project's; `null` for what the usual project has and this one has not. */
export type Content = string | { readonly link: string } | null
export type Files = Readonly<Record<string, Content>>

// As it is published: deco-ts itself is found from there by its name.
const SCRIPT = new URL(`file://${root}dist/cli/doctor/probe-process.js`)

/** A project in a folder of its own. */
export class DoctorProject {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'deco-doctor-')))

  constructor(files: Files) {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.folder, name)
      mkdirSync(dirname(path), { recursive: true })
      if (typeof content === 'string') writeFileSync(path, content)
      else if (content !== null) symlinkSync(join(root, content.link), path)
    }
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** What the doctor says of it. */
  report({ modules = [], ...options }: Partial<ReportOptions> = {}): Promise<DoctorReport> {
    return makeReport({
      ...{ cwd: this.folder, script: SCRIPT, measure: false, limit: 60_000, slow: 60_000, ignore: [], env: {} },
      ...options,
      modules: modules.map((module) => this.path(module)),
    })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
