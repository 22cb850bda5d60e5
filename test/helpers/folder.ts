import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder in which programs leave word of what they do. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'deco-'))

  file(name: string): string {
    return join(this.path, name)
  }

  /** The first file whose name begins so, as soon as there is one. */
  async until(beginning: string): Promise<string> {
    const stop = new AbortController()
    try {
      const changes = watch(this.path, { signal: stop.signal })
      const next = changes[Symbol.asyncIterator]()
      for (;;) {
        const change = next.next()
        const found = readdirSync(this.path).find((name) => name.startsWith(beginning))
        if (found !== undefined) {
          change.catch(() => {})
          return found
        }
        await change
      }
    } finally {
      stop.abort()
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}
