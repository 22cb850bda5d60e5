// What is called, by every contender alike. Each function takes one argument and touches nothing else.

import { hash } from 'node:crypto'

// Never written to, so that the pages of all workers are the operating system's one page of zeros.
const zeros = Buffer.alloc(128 * 1024 * 1024)

/** Does nothing. */
export function nothing(n: number): number {
  return n
}

/** SHA-256 over `bytes` bytes: native work, whose length does not depend on what the JIT makes of a loop. */
export function digest(bytes: number): number {
  return Number.parseInt(hash('sha256', zeros.subarray(0, bytes), 'hex').slice(0, 8), 16)
}

/** Looks at a large array without running through it, so that what is timed is its passage. */
export function last(array: readonly number[]): number {
  return array[array.length - 1]!
}

/** A hot loop over an array that it only reads: how many ms it ran. */
export function scan(array: ArrayLike<number>): number {
  const start = performance.now()
  let sum = 0
  for (let pass = 0; pass < 50; pass++) for (let i = 0; i < array.length; i++) sum += array[i]!
  return sum === 0 ? Number.NaN : performance.now() - start
}

/** Keeps a worker for so many ms without using a processor. */
export function sleep(milliseconds: number): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
  return milliseconds
}

/** All of them, by name. */
export const functions: Readonly<Record<string, (argument: never) => number>> = { nothing, digest, last, scan, sleep }

/** What a program does that makes its batches by hand. */
export function batch({ method, list }: { method: string; list: never[] }): number[] {
  return list.map(functions[method]!)
}
