import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Manifest } from './manifest.js'
import { parseTolerantJson } from './tolerant-json.js'

/** Reads files, each once. */
export class Files {
  readonly #texts = new Map<string, string | undefined>()
  readonly #manifests = new Map<string, Manifest | undefined>()

  /** The text of a file, if it is there. */
  read(file: string): string | undefined {
    if (!this.#texts.has(file)) this.#texts.set(file, textOf(file))
    return this.#texts.get(file)
  }

  /**
   * What a file of JSON says, if it is there.
   * @throws {SyntaxError} if it says nothing
   */
  json(file: string): unknown {
    const text = this.read(file)
    return text === undefined ? undefined : parseTolerantJson(text)
  }

  /** The package.json of a folder. */
  manifestOf(folder: string): Manifest | undefined {
    if (!this.#manifests.has(folder)) this.#manifests.set(folder, this.#manifestIn(folder))
    return this.#manifests.get(folder)
  }

  /** The folder of the package to which what lies in a folder belongs. */
  packageAbove(from: string): string | undefined {
    return [...upward(from)].find((folder) => existsSync(join(folder, 'package.json')))
  }

  #manifestIn(folder: string): Manifest | undefined {
    try {
      return this.json(join(folder, 'package.json')) as Manifest | undefined
    } catch {
      return undefined
    }
  }
}

/** A folder and those in which it lies. */
export function* upward(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at
    if (dirname(at) === at) return
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
