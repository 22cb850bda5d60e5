import { fileURLToPath } from 'node:url'
import { FixedThreadPool } from 'poolifier'
import { each } from './each.mjs'

export function start(workers) {
  const pool = new FixedThreadPool(workers, fileURLToPath(new URL('../workers/poolifier.mjs', import.meta.url)))
  return { each: each((method, argument) => pool.execute(argument, method)) }
}
