/** An index as methods of the language take it: from the end if it is negative, and within what there is. */
export function indexFrom(given: unknown, length: number, byDefault = 0): number {
  if (given === undefined) return byDefault
  const index = Math.trunc(Number(given)) || 0
  return index < 0 ? Math.max(0, length + index) : Math.min(index, length)
}
