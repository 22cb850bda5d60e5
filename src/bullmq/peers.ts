import { createRequire } from 'node:module'
import { DecoError } from '../errors.js'

const PEERS = ['bullmq', 'ioredis', 'msgpackr']

/** @throws {DecoError} if a package that this part of deco-ts needs, and its other parts do not, is not installed */
export function checkPeers(what: string): void {
  const { resolve } = createRequire(import.meta.url)
  const missing = PEERS.filter((name) => {
    try {
      resolve(name)
      return false
    } catch {
      return true
    }
  })
  if (missing.length > 0)
    throw new DecoError(
      `Cannot use ${what}: ${missing.join(', ')} not installed. Way out: npm install ${PEERS.join(' ')}`,
    )
}
