// What is refused before memory is spent on it, in bytes: Redis itself takes nothing of more than half a gigabyte at once.

/** A unit: the objects that one argument, or `this`, holds. Each is stored once, whoever uses it. */
export const LONGEST_UNIT = 2 ** 28

/** A message, of calls and their primitive arguments or of what came of them. */
export const LONGEST_MESSAGE = 2 ** 26

/** Calls of more do not travel together. */
export const LONG_BATCH = 2 ** 23
