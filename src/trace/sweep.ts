/**
 * Goes through counters that change over time, all of them together: `between` is told of every stretch of time in which none of
 * them changes, with what they count then. Each counter is given as the times at which it rises by one, and at which it falls.
 */
export function sweep(
  counters: readonly (readonly [rises: readonly number[], falls: readonly number[]])[],
  between: (from: number, to: number, counts: readonly number[]) => void,
): void {
  const lists = counters.flatMap(([rises, falls]) => [sorted(rises), sorted(falls)])
  const places = lists.map(() => 0)
  const counts = counters.map(() => 0)
  let from = Number.NaN
  while (true) {
    let to = Number.POSITIVE_INFINITY
    for (let i = 0; i < lists.length; i++) to = Math.min(to, lists[i]![places[i]!] ?? to)
    if (to === Number.POSITIVE_INFINITY) return
    if (to > from) between(from, to, counts)
    for (let i = 0; i < lists.length; i++) {
      while (lists[i]![places[i]!] === to) {
        places[i]!++
        counts[i >> 1]! += i % 2 === 0 ? 1 : -1
      }
    }
    from = to
  }
}

function sorted(times: readonly number[]): Float64Array {
  return Float64Array.from(times).sort()
}
