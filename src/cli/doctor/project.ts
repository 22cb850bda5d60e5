import { existsSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { Files, upward } from './files.js'
import type { Manifest, Package } from './manifest.js'
import { type Source, sourcesIn } from './sources.js'
import { type Tsconfig, tsconfigsFor } from './tsconfig.js'

/** What is looked at. */
export interface ProjectOptions {
  /** A folder of the package. */
  readonly folder: string
  /** Where its files are seen from. Default: its own folder. */
  readonly base?: string
  /** Version of Node.js that it runs on. Default: this one's. */
  readonly node?: string
  readonly env?: NodeJS.ProcessEnv
}

/** A package that uses deco-ts, as its files describe it. */
export class Project extends Files {
  /** Where the nearest package.json lies, or the folder that was given. */
  readonly folder: string
  readonly node: string
  readonly env: NodeJS.ProcessEnv
  /** The deco-ts to which this command belongs. */
  readonly own: Package
  readonly #base: string
  #sources: readonly Source[] | undefined
  #tsconfigs: readonly Tsconfig[] | undefined

  constructor({ folder, base, node = process.versions.node, env = process.env }: ProjectOptions) {
    super()
    const real = realpathSync(folder)
    this.folder = this.packageAbove(real) ?? real
    this.#base = base ?? this.folder
    this.node = node
    this.env = env
    const own = realpathSync(dirname(createRequire(import.meta.url).resolve('deco-ts/package.json')))
    this.own = { folder: own, manifest: this.manifestOf(own)! }
  }

  /** Its package.json. */
  get manifest(): Manifest {
    return this.manifestOf(this.folder) ?? {}
  }

  /** How its package.json is named to users. */
  get manifestName(): string {
    return this.name(join(this.folder, 'package.json'))
  }

  /** The deco-ts that its modules import. */
  get deco(): Package | undefined {
    return this.installed('deco-ts')
  }

  /** Its files that speak of deco-ts. */
  get sources(): readonly Source[] {
    this.#sources ??= sourcesIn(this.folder)
    return this.#sources
  }

  /** Its files that have decorators of deco-ts to be compiled. */
  get decorated(): readonly Source[] {
    return this.sources.filter(({ isDecorated }) => isDecorated)
  }

  /** Whether its compilers have to know decorators. A project that merely uses the classes of others may compile as it likes. */
  get compilesDecorators(): boolean {
    return this.sources.length === 0 || this.decorated.length > 0
  }

  /** What its decorated sources are compiled with, as far as tsconfig.json says it. */
  get tsconfigs(): readonly Tsconfig[] {
    const folders = this.decorated.length > 0 ? this.decorated.map(({ file }) => dirname(file)) : [this.folder]
    this.#tsconfigs ??= tsconfigsFor(this, folders)
    return this.#tsconfigs
  }

  /** Whether Node.js takes a file for CommonJS. */
  isCommonJs(file: string): boolean {
    if (/\.[mc][jt]s$/.test(file)) return /\.c[jt]s$/.test(file)
    return this.manifestOf(this.packageAbove(dirname(file)) ?? this.folder)?.type !== 'module'
  }

  /** A package that can be imported from a folder: the one that it lies in, or an installed one. */
  installed(name: string, from: string = this.folder): Package | undefined {
    const around = this.packageAbove(from)
    const manifest = around === undefined ? undefined : this.manifestOf(around)
    if (manifest?.name === name && manifest.exports !== undefined) return { folder: around!, manifest }
    for (const folder of upward(from)) {
      const found = join(folder, 'node_modules', name)
      const manifest = this.manifestOf(found)
      if (manifest !== undefined) return { folder: realpathSync(found), manifest }
    }
    return process.versions.pnp === undefined ? undefined : this.#byResolution(name, from)
  }

  /** The version of an installed package. */
  versionOf(name: string, from?: string): string | undefined {
    return this.installed(name, from)?.manifest.version
  }

  /** The first of these files that is there, in the project's folder. */
  file(...names: readonly string[]): string | undefined {
    return names.map((name) => join(this.folder, name)).find((file) => existsSync(file))
  }

  /** How a file is named to users. */
  name(file: string): string {
    const name = relative(this.#base, file)
    return (name.startsWith(FAR_AWAY) ? file : name).replaceAll(sep, '/')
  }

  // Yarn's Plug'n'Play has no folders to look into.
  #byResolution(name: string, from: string): Package | undefined {
    try {
      const folder = dirname(createRequire(join(from, 'package.json')).resolve(`${name}/package.json`))
      return { folder, manifest: this.manifestOf(folder) ?? {} }
    } catch {
      return undefined
    }
  }
}

const FAR_AWAY = join('..', '..', '..')
