import type { Codec } from './codec.js'
import { diffEntries } from './entries.js'
import { dataKeys, diffProperties, fillProperties, writeProperties } from './properties.js'

export const map: Codec<Map<unknown, unknown>> = {
  write(value, out) {
    const keys = dataKeys(value, out)
    out.raw(sizeOfMap(value))
    for (const [key, item] of entriesOf(value)) {
      out.key(key)
      out.value(item, key)
    }
    writeProperties(value, out, keys)
  },
  create: (_, prototype) => withPrototype(new Map(), prototype),
  fill(value, content) {
    for (let left = content.count(); left > 0; left--) setIn.call(value, content.value(), content.value())
    fillProperties(value, content)
  },
  diff(value, content, out) {
    diffEntries([...keysOf(value)], content.raw() as number, {
      key: () => content.value(),
      before: () => content.value(),
      now: (key) => getFrom.call(value, key),
      set: (key, now, had, before) => out.change('map.set', value, key, now, had, before),
      delete: (key, before) => out.change('map.delete', value, key, undefined, true, before),
    })
    diffProperties(value, content, out)
  },
}

export const set: Codec<Set<unknown>> = {
  write(value, out) {
    const keys = dataKeys(value, out)
    out.raw(sizeOfSet(value))
    for (const item of membersOf(value)) out.key(item)
    writeProperties(value, out, keys)
  },
  create: (_, prototype) => withPrototype(new Set(), prototype),
  fill(value, content) {
    for (let left = content.count(); left > 0; left--) addTo.call(value, content.value())
    fillProperties(value, content)
  },
  diff(value, content, out) {
    diffEntries([...membersOf(value)], content.raw() as number, {
      key: () => content.value(),
      before: () => true,
      now: () => true,
      set: (member) => out.change('set.add', value, member),
      delete: (member) => out.change('set.delete', value, member),
    })
    diffProperties(value, content, out)
  },
}

export function withPrototype<T extends object>(value: T, prototype: object | undefined): T {
  return prototype === undefined ? value : Object.setPrototypeOf(value, prototype)
}

// A registered subclass may override the methods, and those of a recorded call are replaced; the content is what the
// built-in ones say.
const { set: setIn, get: getFrom, entries, keys } = Map.prototype
const { add: addTo, values: members } = Set.prototype
const entriesOf = (value: Map<unknown, unknown>) => entries.call(value) as MapIterator<[unknown, unknown]>
const keysOf = (value: Map<unknown, unknown>) => keys.call(value) as MapIterator<unknown>
const membersOf = (value: Set<unknown>) => members.call(value) as SetIterator<unknown>
const sizeOfMap = getter(Map.prototype, 'size')
const sizeOfSet = getter(Set.prototype, 'size')

function getter(prototype: object, name: string): (value: object) => unknown {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name)!
  return (value) => get!.call(value)
}
