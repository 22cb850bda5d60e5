import { existsSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { RegistrationError } from '../errors.js'
import { type Fingerprint, fingerprintOf, firstDifference } from './fingerprint.js'
import type { ModuleName } from './wire/modules.js'

// Files are looked at so often, in ms, whether they are still what was imported.
const LOOK_EVERY = 1000

/**
 * The folder below which a machine has the modules of its classes. Other machines have them elsewhere, in the same order. What a
 * module says is what it said when it was first used: whoever has imported it does not see it change.
 */
export class ModuleRoot {
  readonly path: string
  readonly #option: string
  readonly #now: () => number
  readonly #fingerprints = new Map<string, Known>()

  /**
   * `option` is what users set it with; `now` is a clock, in ms.
   * @throws {RangeError} if there is no such folder
   */
  constructor(path: string, option: string, now = () => performance.now()) {
    this.#option = option
    this.#now = now
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
    // A file that is nowhere is the same on every machine, and importing it gives an error of its own.
    if (!existsSync(file) && fingerprint.length === 0) return pathToFileURL(file).href
    const known = this.#known(file)
    const isSame = known?.print.bytes.equals(fingerprint) ?? false
    if (known !== undefined && this.#hasChanged(known, isSame)) {
      throw refusal(
        path,
        'it, or a file that it imports, is no longer what this host has imported. Way out: restart the host',
      )
    }
    if (!isSame) throw refusal(path, `${this.#differing(known, fingerprint)} than where the call was made. ${DEPLOY}`)
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

  #fingerprint(file: string): Buffer {
    return this.#known(file)?.print.bytes ?? NO_FILE
  }

  #known(file: string): Known | undefined {
    let known = this.#fingerprints.get(file)
    if (known === undefined) {
      const print = fingerprintOf(file)
      if (print === undefined) return undefined
      known = { print, lookedAt: this.#now(), hasChanged: false }
      this.#fingerprints.set(file, known)
    }
    return known
  }

  #hasChanged(known: Known, isSame: boolean): boolean {
    if (!known.hasChanged && !(isSame && this.#now() - known.lookedAt < LOOK_EVERY)) {
      known.lookedAt = this.#now()
      known.hasChanged = known.print.hasChanged()
    }
    return known.hasChanged
  }

  #differing(known: Known | undefined, fingerprint: Uint8Array): string {
    const place = known === undefined ? 0 : firstDifference(known.print, fingerprint)
    return place === 0
      ? 'it is another file'
      : `it imports ${relative(this.path, known!.print.files[place]!)}, which is another file`
  }
}

interface Known {
  readonly print: Fingerprint
  lookedAt: number
  hasChanged: boolean
}

// Of what is no file.
const NO_FILE = Buffer.alloc(0)
const DEPLOY = 'Way out: deploy the same build to every machine'

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
