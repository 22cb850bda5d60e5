// A worker compares the source of a method with what the program has. Where a test runner compiles for the program, as Vitest and Jest
// do, the two differ in what compilers are free to choose: line breaks, how an import is written, whether lines are counted. The
// words of the method are in both.

/** Whether a module may have been compiled for this program in another way than a worker has it compiled. */
export function isCompiledApart(module: string | undefined): boolean {
  const { VITEST, JEST_WORKER_ID } = process.env
  return VITEST !== undefined || JEST_WORKER_ID !== undefined || isTypeScript(module ?? '')
}

/** Whether a module is TypeScript. */
export function isTypeScript(url: string): boolean {
  return /\.[mc]?tsx?($|[?#])/.test(url)
}

/** The names, numbers and texts in the source of a method, each once. */
export function wordsOf(method: Function): string[] {
  return [...new Set(String(method).match(WORDS)?.map(plainly))]
}

/** Whether one method may be the other, compiled in another way: one has nearly all words of the other. */
export function isSameInOtherWords(words: readonly string[], others: readonly string[]): boolean {
  const [fewer, more] = words.length < others.length ? [words, new Set(others)] : [others, new Set(words)]
  return fewer.filter((word) => more.has(word)).length >= ENOUGH * fewer.length
}

const ENOUGH = 0.75
const WORDS = /[\p{L}_$][\p{L}\d_$]*|\d[\w.]*/gu

// Compilers number names that would be the same, put an underscore before others, and write numbers anew.
function plainly(word: string): string {
  return /^\d/.test(word) ? String(Number(word.replaceAll('_', ''))) : word.replaceAll(/^_+|\d+$/g, '')
}
