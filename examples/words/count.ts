// What is counted: plain functions, called by the job in workers and by main.ts in its serial loop.

import { readFileSync } from 'node:fs'

/** Some bytes of a file: the lines that begin within them. */
export interface Part {
  readonly file: string
  readonly from: number
  readonly to: number
}

/** How often each word is there, a word being letters without anything between them, small or large. */
export function countWords({ file, from, to }: Part): Map<string, number> {
  const bytes = readFileSync(file)
  const text = bytes.toString('latin1', lineAt(bytes, from), lineAt(bytes, to)).toLowerCase()
  const counts = new Map<string, number>()
  for (const word of text.match(/[a-z]+/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** Where the first line begins that begins here or later. */
function lineAt(bytes: Buffer, place: number): number {
  if (place === 0) return 0
  const end = bytes.indexOf('\n', place - 1)
  return end === -1 ? bytes.length : end + 1
}

/** Adds counts to others. */
export function add(total: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [word, count] of counts) total.set(word, (total.get(word) ?? 0) + count)
}
