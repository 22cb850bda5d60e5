// comlink has no pool: workers take turns.

import { Worker } from 'node:worker_threads'
import { wrap } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { each } from './each.mjs'

export function start(workers) {
  const threads = Array.from({ length: workers }, () => new Worker(new URL('../workers/comlink.mjs', import.meta.url)))
  const remotes = threads.map((thread) => wrap(nodeEndpoint(thread)))
  let turn = 0
  return {
    each: each((method, argument) => remotes[turn++ % workers][method](argument)),
  }
}
