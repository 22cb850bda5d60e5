/** A command was given what it cannot use: it says so, and ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
