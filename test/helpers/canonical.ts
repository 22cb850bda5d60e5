import { Job } from '../../src/index.js'
import { Money } from '../fixtures/serializable-classes.js'

/** A value as text that tells classes, the order of keys and entries, locks, holes, and which objects are the same. */
export function canonical(value: unknown, seen = new Map<object, number>()): string {
  if (Object.is(value, -0)) return '-0'
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value)
  if (value instanceof Job) return 'the job'
  const known = seen.get(value)
  if (known !== undefined) return `#${known}`
  seen.set(value, seen.size)
  const of = (item: unknown) => canonical(item, seen)
  const own = () => {
    let text = ''
    for (const key of Object.keys(value)) text += `${key}:${of((value as Record<string, unknown>)[key])},`
    return text
  }
  return `${nameOf(value)}${Object.isFrozen(value) ? '!' : ''}${content()}`

  function content(): string {
    if (value instanceof Error) return `{${value.message},${of(value.cause)},${own()}}`
    if (value instanceof Map) return `{${[...value].map(([key, item]) => `${of(key)}=>${of(item)}`).join()}${own()}}`
    if (value instanceof Set) return `{${[...value].map(of).join()}${own()}}`
    if (value instanceof Date) return `{${value.getTime()}${own()}}`
    if (value instanceof Money) return `{${value.cents}}`
    if (value instanceof ArrayBuffer) return `{${Buffer.from(value).toString('hex')}}`
    if (ArrayBuffer.isView(value)) return `{${value.byteOffset},${value.byteLength},${of(value.buffer)}}`
    return Array.isArray(value) ? `[${value.length};${own()}]` : `{${own()}}`
  }
}

function nameOf(value: object): string {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null) return 'null'
  return prototype === Object.prototype || prototype === Array.prototype ? '' : prototype.constructor.name
}
