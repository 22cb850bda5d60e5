// Who is compared: deco-ts in both styles, every peer, and what a program can do by hand.

import { availableParallelism } from 'node:os'

export const workers = availableParallelism()

/** By file under contenders/: what the tables call it, and which library it imports. */
export const contenders = {
  'deco-ts': { name: 'deco-ts', library: '../dist/index.js', isFast: true },
  'deco-ts-blocking': { name: 'deco-ts, blocking', library: '../dist/index.js', isFast: true },
  tinypool: { name: 'tinypool', library: 'tinypool' },
  piscina: { name: 'piscina', library: 'piscina' },
  workerpool: { name: 'workerpool', library: 'workerpool' },
  poolifier: { name: 'poolifier', library: 'poolifier' },
  comlink: { name: 'comlink', library: 'comlink' },
  // Its pool waits at least a millisecond before it runs a call.
  threads: { name: 'threads', library: 'threads', isSlow: true },
  'messages-by-hand': { name: 'by hand, one by one', library: 'node:worker_threads', isFast: true },
  'batches-by-hand': { name: 'by hand, batches of 64', library: 'node:worker_threads', isFast: true },
}

export const files = Object.keys(contenders)

/** Starts one, and nothing of any other is loaded. */
export async function start(file, options) {
  const { start } = await import(`./contenders/${file}.mjs`)
  return { file, ...contenders[file], ...start(workers, options) }
}

/** How often to run one: what takes a hundred times as long is told apart by less. */
export function runsOf({ isSlow }, runs) {
  return isSlow ? Math.ceil(runs / 4) : runs
}

/**
 * Starts all, so that they can take turns in one process and all meet the machine in the same mood.
 * Nobody stops them: poolifier's `destroy()` does not always end. The process does.
 */
export function startAll() {
  return Promise.all(files.map((file) => start(file)))
}

/** The same list, each time beginning one further on: nobody always runs after the same one. */
export function rotated(list, by) {
  return list.map((_, i) => list[(i + by) % list.length])
}
