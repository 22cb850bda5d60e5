/** An error that also says how to repeat the run in which it was thrown: the error itself, unless nothing can be added to it. */
export function withNote(error: unknown, note: string): unknown {
  if (!(error instanceof Error) || !Object.isExtensible(error))
    return new Error(`${String(error)}\n\n${note}`, { cause: error })
  const { message, stack } = error
  const noted = `${message}\n\n${note}`
  // The stack begins with the message.
  const told = typeof stack === 'string' && stack.includes(message) ? stack.replace(message, () => noted) : stack
  for (const [key, value] of [
    ['message', noted],
    ['stack', told],
  ] as const)
    Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false })
  return error
}
