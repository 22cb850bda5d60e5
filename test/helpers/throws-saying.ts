import type { ExecutionContext } from 'ava'

type ErrorClass = new (...args: never[]) => Error

/** Asserts that code throws an error of exactly this class, whose message says every one of these things. */
export function throwsSaying(t: ExecutionContext, run: () => unknown, expected: ErrorClass, ...parts: string[]): void {
  says(t, t.throws(run as () => void), expected, parts)
}

/** The same for a promise that rejects, or a function that returns one. */
export async function rejectsSaying(
  t: ExecutionContext,
  run: PromiseLike<unknown> | (() => PromiseLike<unknown>),
  expected: ErrorClass,
  ...parts: string[]
): Promise<void> {
  says(t, await t.throwsAsync(async () => (typeof run === 'function' ? run() : run)), expected, parts)
}

function says(t: ExecutionContext, error: Error | undefined, expected: ErrorClass, parts: readonly string[]): void {
  t.is(error?.constructor, expected)
  t.is(error?.name, expected.name)
  for (const part of parts) t.true(error?.message.includes(part), `"${error?.message}" does not say "${part}"`)
}
