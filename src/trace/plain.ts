// Figures as people read them. The page uses these as well.

/** Milliseconds: `1.2 µs`, `34 ms`, `5.7 s`. */
export function duration(milliseconds: number): string {
  const size = Math.abs(milliseconds)
  if (size === 0) return '0 ms'
  if (size < 0.9995) return `${digits(milliseconds * 1000)} µs`
  if (size < 999.5) return `${digits(milliseconds)} ms`
  return `${digits(milliseconds / 1000)} s`
}

/** Bytes: `12 B`, `3.4 kB`, `56 MB`. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  while (count >= 999.5 && unit < units.length - 1) {
    count /= 1000
    unit++
  }
  return `${unit === 0 ? whole(count) : digits(count)} ${units[unit]}`
}

/** A share: `0.4 %`, `12 %`. */
export function percent(share: number): string {
  const value = 100 * share
  return `${value > 0 && value < 9.95 ? value.toFixed(1) : value.toFixed(0)} %`
}

/** A whole number: `12,345`. */
export function whole(count: number): string {
  return Math.round(count).toLocaleString('en')
}

/** A number of things: `1 call`, `2,000 calls`. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${whole(count)} ${Math.round(count) === 1 ? thing : things}`
}

/** Three digits. */
export function digits(value: number): string {
  const size = Math.abs(value)
  if (size >= 99.95) return whole(value)
  return value.toFixed(size >= 9.995 ? 1 : 2)
}
