import { types } from 'node:util'
import type { Codec } from './codec.js'
import { withPrototype } from './collections.js'
import { diffProperties, fillProperties, refuseExtras, writeProperties } from './properties.js'

export const date: Codec<Date> = {
  write(value, out) {
    out.raw(timeOf(value))
    writeProperties(value, out)
  },
  create: (content, prototype) => withPrototype(new Date(content.raw() as number), prototype),
  fill(value, content) {
    content.raw()
    fillProperties(value, content)
  },
  diff(value, content, out) {
    const before = content.raw() as number
    const now = timeOf(value)
    if (!Object.is(now, before)) out.change('time', value, undefined, now, true, before)
    diffProperties(value, content, out)
  },
}

export const regexp: Codec<RegExp> = {
  write(value, out) {
    if (Reflect.ownKeys(value).length > 1) throw out.refuse('a regular expression with properties of its own')
    out.raw(value.source)
    out.raw(value.flags)
    out.raw(value.lastIndex)
  },
  create(content, prototype) {
    const value = new RegExp(content.raw() as string, content.raw() as string)
    value.lastIndex = content.raw() as number
    return withPrototype(value, prototype)
  },
  diff(value, content, out) {
    const source = content.raw()
    const flags = content.raw()
    const before = content.raw()
    if (value.source !== source || value.flags !== flags) {
      throw out.refuse(
        value,
        'the method compiled another pattern into a regular expression',
        'return a new one instead',
      )
    }
    refuseExtras(value, 1, out)
    if (!Object.is(value.lastIndex, before)) out.change('set', value, 'lastIndex', value.lastIndex, true, before)
  },
}

/** `new Number(1)` and the like. */
export const boxed: Codec = {
  write(value, out) {
    const primitive = primitiveOf(value)
    if (primitive === undefined) throw out.refuse('a boxed symbol')
    if (Reflect.ownKeys(value).length > ownKeysOf(primitive))
      throw out.refuse('a boxed primitive with properties of its own')
    out.raw(primitive)
  },
  create: (content, prototype) => withPrototype(Object(content.raw()), prototype),
  diff: (value, content, out) => refuseExtras(value, ownKeysOf(content.raw()), out),
}

// A registered subclass may override `valueOf`.
function primitiveOf(value: object): unknown {
  if (types.isNumberObject(value)) return Number.prototype.valueOf.call(value)
  if (types.isStringObject(value)) return String.prototype.valueOf.call(value)
  if (types.isBooleanObject(value)) return Boolean.prototype.valueOf.call(value)
  return types.isBigIntObject(value) ? BigInt.prototype.valueOf.call(value) : undefined
}

// A boxed string has its characters and their number as own properties.
function ownKeysOf(primitive: unknown): number {
  return typeof primitive === 'string' ? primitive.length + 1 : 0
}

export const timeOf = (value: Date): number => Date.prototype.getTime.call(value)
