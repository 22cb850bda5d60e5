import type { Values } from '../protocol.js'

/** Numbers alone, packed; anything else as it is. */
export function packed(values: readonly unknown[]): Values {
  return values.length > 1 && values.every(isNumber) ? Float64Array.from(values as readonly number[]) : values
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}
