// The package as users get it: packed, and installed into an empty project.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './project.js'
import { type Outcome, runTool } from './run-program.js'

export class InstalledPackage {
  /** The tarball. */
  readonly tarball: string
  /** The folder of the project. */
  readonly folder: string
  readonly #parent: string

  private constructor(parent: string, tarball: string) {
    this.#parent = parent
    this.tarball = tarball
    this.folder = join(parent, 'project')
  }

  /** Packs what has been built and installs it, with its dependencies from the registry or npm's cache. */
  static async create(): Promise<InstalledPackage> {
    const parent = mkdtempSync(join(tmpdir(), 'deco-ts-'))
    // Scripts would build anew, in the folder from which the tests are running.
    const packed = await succeed('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', parent], root)
    const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
    const installed = new InstalledPackage(parent, join(parent, filename))
    mkdirSync(installed.folder)
    installed.write('package.json', JSON.stringify({ private: true, type: 'module' }))
    await succeed(
      'npm',
      ['install', '--prefer-offline', '--no-audit', '--no-fund', installed.tarball],
      installed.folder,
    )
    // The tools at the versions that are tested here.
    for (const tool of ['typescript', 'tsx', '@types']) {
      symlinkSync(join(root, 'node_modules', tool), join(installed.folder, 'node_modules', tool))
    }
    return installed
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content)
  }

  /** Runs a command in the project. */
  run(file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    return runTool(file, args, this.folder, env)
  }

  remove(): void {
    rmSync(this.#parent, { recursive: true, force: true })
  }
}

async function succeed(file: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, output } = await runTool(file, args, cwd)
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} exited with ${code}:\n${output}`)
  return stdout
}
