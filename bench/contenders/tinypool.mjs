import Tinypool from 'tinypool'
import { each } from './each.mjs'

export function start(workers) {
  const filename = new URL('../../build/bench/work.js', import.meta.url).href
  const pool = new Tinypool({ filename, minThreads: workers, maxThreads: workers })
  return { each: each((name, argument) => pool.run(argument, { name })) }
}
