import { createHash } from 'node:crypto'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { RegistrationError } from '../errors.js'
import type { ModuleName } from './wire/modules.js'

/** The folder below which a machine has the modules of its classes. Other machines have them elsewhere, in the same order. */
export class ModuleRoot {
  readonly path: string
  readonly #option: string
  readonly #fingerprints = new Map<string, { readonly state: string; readonly hash: Buffer }>()

  /**
   * `option` is what users set it with.
   * @throws {RangeError} if there is no such folder
   */
  constructor(path: string, option: string) {
    this.#option = option
    try {
      this.path = realpathSync(path)
      if (!statSync(this.path).isDirectory()) throw new Error('it is no folder')
    } catch (cause) {
      throw new RangeError(`Cannot use ${path} for ${option}: it must be a folder that is there.`, { cause })
    }
  }

  /**
   * What to call a module of this machine on others.
   * @throws {RegistrationError} if it does not lie below the root
   */
  nameOf(url: string): ModuleName {
    const file = fileOf(url)
    const path = file === undefined ? undefined : this.#below(realPath(file))
    if (file === undefined || path === undefined) {
      throw new RegistrationError(
        `Cannot use a class of ${url} on two machines: it is no file below ${this.path}, and machines know modules by their path ` +
          `from there. Way out: give ${this.#option} a folder that holds all modules of jobs.`,
      )
    }
    return { path, fingerprint: this.#fingerprint(file) }
  }

  /**
   * The module of this machine that another one means.
   * @throws {RegistrationError} if it lies outside the root, or says something else here
   */
  urlOf({ path, fingerprint }: ModuleName): string {
    if (!isPlainPath(path)) throw refusal(path, `it is no path below the root ${this.path}`)
    const file = realPath(join(this.path, path))
    if (this.#below(file) === undefined) throw refusal(path, `it leads out of the root ${this.path}`)
    const own = this.#fingerprint(file)
    if (own === NO_FILE || !own.equals(fingerprint)) {
      throw refusal(
        path,
        `it is another file than where the call was made. Way out: deploy the same build to every machine`,
      )
    }
    return pathToFileURL(file).href
  }

  /** Where a module lies that is named in what another machine reports: nothing is imported for it. */
  urlOfName({ path }: Pick<ModuleName, 'path'>): string {
    if (!isPlainPath(path)) throw refusal(path, `it is no path below the root ${this.path}`)
    return pathToFileURL(join(this.path, path)).href
  }

  // In the way of URLs, whatever the machine: segments, with slashes between them.
  #below(file: string): string | undefined {
    const path = relative(this.path, file)
    if (path === '' || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)) return undefined
    return path.split(sep).join('/')
  }

  // Of a file that is not there, nothing: that is the same on every machine, and importing it gives an error of its own.
  #fingerprint(file: string): Buffer {
    let state: string
    try {
      const stat = statSync(file)
      // A pipe would have whoever reads it wait.
      if (!stat.isFile()) return NO_FILE
      state = `${stat.mtimeMs} ${stat.size} ${stat.ino}`
    } catch {
      return MISSING
    }
    const known = this.#fingerprints.get(file)
    if (known?.state === state) return known.hash
    const hash = createHash('sha256').update(readFileSync(file)).digest()
    this.#fingerprints.set(file, { state, hash })
    return hash
  }
}

const MISSING = Buffer.alloc(0)
// Equal to that of no module.
const NO_FILE = Buffer.alloc(1)

function fileOf(url: string): string | undefined {
  try {
    const { protocol, search, hash } = new URL(url)
    return protocol === 'file:' && search === '' && hash === '' ? fileURLToPath(url) : undefined
  } catch {
    return undefined
  }
}

// The path without its symbolic links; of what is not there, that of its folder.
function realPath(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    const parent = join(file, '..')
    return parent === file ? file : join(realPath(parent), file.slice(parent.length))
  }
}

// No scheme, no drive, no way up, nothing that some system takes for a separator.
function isPlainPath(path: string): boolean {
  const segments = path.split('/')
  return !/[\\:\0]/.test(path) && segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')
}

function refusal(path: string, why: string): RegistrationError {
  return new RegistrationError(`Cannot run a class of ${path} here: ${why}.`)
}
