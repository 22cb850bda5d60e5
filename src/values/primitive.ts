/** Whether a value is no object and crosses as it is: symbols and functions do not. */
export function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
}

/** Whether a value is an object: functions are never met. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
