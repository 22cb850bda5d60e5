/** How one object is reached from another that holds it: `.name`, `[3]`, `["odd name"]`, `.get("key")`. */
export function step(holder: object, key: unknown): string {
  if (key === undefined) return ''
  if (typeof key === 'symbol') return `[${String(key)}]`
  if (holder instanceof Map) return `.get(${show(key)})`
  if (holder instanceof Set) return `.has(${show(key)})`
  if (typeof key === 'number' || (Array.isArray(holder) && /^\d+$/.test(String(key)))) return `[${key}]`
  return /^[\p{L}_$][\p{L}\p{N}_$]*(\(\))?$/u.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`
}

function show(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key)
  return typeof key === 'object' && key !== null
    ? `a ${(key.constructor as Function | undefined)?.name ?? 'object'}`
    : String(key)
}
