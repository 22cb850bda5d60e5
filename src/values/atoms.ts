import type { Codec } from './codec.js'
import { withPrototype } from './collections.js'
import { diffProperties, fillProperties, writeProperties } from './properties.js'

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
    content.raw()
    content.raw()
    const before = content.raw() as number
    if (value.lastIndex !== before) out.change('set', value, 'lastIndex', value.lastIndex, true, before)
  },
}

/** `new Number(1)` and the like. */
export const boxed: Codec = {
  write(value, out) {
    const primitive: unknown = value.valueOf()
    if (typeof primitive === 'symbol' || typeof primitive === 'object') throw out.refuse('a boxed symbol')
    // A boxed string has its characters and their number as own properties.
    const expected = typeof primitive === 'string' ? (primitive as string).length + 1 : 0
    if (Reflect.ownKeys(value).length > expected) {
      throw out.refuse('a boxed primitive with properties of its own')
    }
    out.raw(primitive)
  },
  create: (content) => Object(content.raw()),
}

export const timeOf = (value: Date): number => Date.prototype.getTime.call(value)
