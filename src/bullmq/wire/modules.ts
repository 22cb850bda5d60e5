import type { ClassRef } from '../../protocol.js'
import type { Packable } from './pack.js'
import { bytesOf, countOf, listOf, textOf } from './shape.js'
import { unreadable } from './unreadable.js'

/** A module as two machines know it: where it lies below the root, and a hash of what it says. */
export interface ModuleName {
  readonly path: string
  readonly fingerprint: Uint8Array
}

/** The modules that a message names, each once. */
export class ModulesOut {
  readonly #nameOf: (url: string) => ModuleName
  readonly #places = new Map<string, number>()
  readonly #names: ModuleName[] = []

  constructor(nameOf: (url: string) => ModuleName) {
    this.#nameOf = nameOf
  }

  writeClass({ module, position, name }: ClassRef): readonly Packable[] {
    return [module === undefined ? null : this.#place(module), position, name]
  }

  /** To be written after everything that names a module. */
  pack(): Packable {
    return this.#names.map(({ path, fingerprint }) => [path, fingerprint])
  }

  #place(url: string): number {
    let place = this.#places.get(url)
    if (place === undefined) {
      place = this.#names.push(this.#nameOf(url)) - 1
      this.#places.set(url, place)
    }
    return place
  }
}

/** The modules that a message names, as this machine finds them. */
export class ModulesIn {
  readonly #urls: readonly string[]

  /** @throws whatever `urlOf` throws for a module that is not to be had here */
  constructor(packed: Packable | undefined, urlOf: (name: ModuleName) => string) {
    this.#urls = listOf(packed, 'the list of modules').map((item) => {
      const [path, fingerprint] = listOf(item, 'a module', 2)
      return urlOf({ path: textOf(path, 'a module'), fingerprint: bytesOf(fingerprint, 'a fingerprint') })
    })
  }

  readClass(packed: Packable | undefined): ClassRef {
    const [module, position, name] = listOf(packed, 'a class', 3)
    return { module: this.#url(module), position: countOf(position, 'a class'), name: textOf(name, 'a class') }
  }

  #url(place: Packable | undefined): string | undefined {
    if (place === null) return undefined
    if (this.#urls.length === 0) throw unreadable('a class is of no module')
    return this.#urls[countOf(place, 'the module of a class', this.#urls.length - 1)]
  }
}
