import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DecoError } from '../errors.js'

/**
 * The file with which a worker starts, which lies beside this package's own.
 * @throws {DecoError} if it is not there: a bundler has taken the code away from it
 */
export function workerFile(url: string): string {
  if (existsSync(fileURLToPath(url))) return url
  throw new DecoError(
    `Cannot start a worker: ${fileURLToPath(url)} is not there, as when a bundler has put deco-ts into another file. Way out: ` +
      'deco-ts/plugin in the configuration of the bundler, which docs/toolchains.md shows for each; or leave deco-ts external, ' +
      'and its classes in modules of their own.',
  )
}
