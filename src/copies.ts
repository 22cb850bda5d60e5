// A program may come to hold this package more than once: two packages that each install their own, or one module that imports
// it and one that a loader lets require it. Each copy knows its own classes alone, and speaks its own language to its workers.

/** A copy of this package. */
export interface Copy {
  /** Where it lies. */
  readonly url: string
}

/** This one. */
export const COPY: Copy = { url: import.meta.url }

/** Under this an executor names the copy that made it. */
export const MADE_BY: unique symbol = Symbol.for('deco-ts.made-by') as never

const COPIES = Symbol.for('deco-ts.copies')
const known = globalThis as { [COPIES]?: Copy[] }
known[COPIES] ??= []
known[COPIES].push(COPY)

/** Says where copies other than this one lie in this thread; `undefined` if there are none. */
export function otherCopies(): string | undefined {
  const others = known[COPIES]!.filter((copy) => copy !== COPY)
  return others.length === 0 ? undefined : [...new Set(others.map(({ url }) => url))].join(', ')
}

/** How to be rid of a second copy. */
export const ONE_COPY =
  'let all that work together have one copy (npm ls deco-ts shows where each comes from, npm dedupe unites those of one ' +
  'version), and either import it everywhere or require it everywhere'
