// Who is compared: deco-ts in both styles, every peer, and what a program can do by hand.

import { fork } from 'node:child_process'
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
  'halves-by-hand': {
    name: 'by hand, one part a worker',
    library: 'node:worker_threads',
    isFast: true,
    isCeiling: true,
  },
}

/** Who is in every table; the others show what the machine gives at best. */
export const files = Object.keys(contenders).filter((file) => !contenders[file].isCeiling)

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
 * Starts all, each in a process of its own, so that they can take turns and all meet the machine in the same mood. `time` runs a
 * list on one of them, after an eighth of it that is not timed: how many ms it took, when the first result was there, and with `isSerial` what the serial loop took right
 * before. They end with this process.
 */
export function startAll(more = []) {
  return Promise.all([...files, ...more].map(startAlone))
}

async function startAlone(file) {
  const child = fork(new URL('contender.mjs', import.meta.url), [file], { serialization: 'advanced' })
  await answer(child)
  const kept = new Set()
  return {
    file,
    ...contenders[file],
    time: (task) => {
      // A list that is named travels once: it is the same one in each run.
      child.send(kept.has(task.kept) ? { ...task, list: undefined, expected: undefined } : task)
      if (task.kept !== undefined) kept.add(task.kept)
      return answer(child)
    },
  }
}

function answer(child) {
  return new Promise((resolve, reject) => {
    const ended = (code) => reject(new Error(`A contender ended with code ${code}: its own message is above.`))
    child.once('exit', ended)
    child.once('message', (message) => {
      child.off('exit', ended)
      resolve(message)
    })
  })
}

/** The same list, each time beginning one further on: nobody always runs after the same one. */
export function rotated(list, by) {
  return list.map((_, i) => list[(i + by) % list.length])
}
