import { types } from 'node:util'
import { KEYS } from './place.js'
import type { Method, Telling, Told } from './telling.js'

/** Has the methods of Map and Set tell what they do. */
export function tellOfCollections(telling: Telling): void {
  const { membrane } = telling
  const { memory } = membrane

  const look = ({ native, self, shadow, args, above }: Told) => {
    const key = membrane.original(args[0])
    memory.read(shadow, key, above)
    return membrane.show(native.call(self, key), shadow, key)
  }
  const list = ({ native, self, shadow, above }: Told) => {
    memory.read(shadow, KEYS, above)
    return native.call(self)
  }
  const listAll = (call: Told) => {
    for (const key of keysOf.call(call.self as Map<unknown, unknown>)) memory.read(call.shadow, key, call.above)
    return iterate(call)
  }
  const iterate = ({ native, self, shadow, above }: Told) => {
    memory.read(shadow, KEYS, above)
    const iterator = native.call(self) as Iterator<unknown>
    const isMap = types.isMap(self)
    const keys = (isMap ? keysOf : membersOf).call(self as never)
    return {
      __proto__: Object.getPrototypeOf(iterator) as object,
      next() {
        const { value, done } = iterator.next()
        if (done) return { value, done }
        const { value: key } = keys.next()
        const keyStep = native === valuesOf ? key : isMap ? '(a key)' : '(a member)'
        if (native !== entriesOf && native !== pairsOf)
          return { value: membrane.show(value, shadow, keyStep), done: false }
        const shown = membrane.show(key, shadow, keyStep)
        return { value: [shown, isMap ? membrane.show((value as unknown[])[1], shadow, key) : shown], done: false }
      },
    }
  }
  const visit = ({ native, self, shadow, args: [callback, thisArg], above }: Told) => {
    memory.read(shadow, KEYS, above)
    return native.call(self, (item: unknown, key: unknown) => {
      memory.read(shadow, key, above)
      const shown = membrane.show(item, shadow, types.isMap(self) ? key : '(a member)')
      ;(callback as Method).call(thisArg, shown, membrane.show(key, shadow, '(a key)'), self)
    })
  }
  const remove =
    (has: (this: never, key: never) => boolean) =>
    ({ native, self, shadow, args, above }: Told) => {
      const key = membrane.original(args[0])
      // Whether there was something to delete is a result.
      memory.read(shadow, key, above)
      if (has.call(self as never, key as never)) memory.take(shadow, key, above)
      return native.call(self, key)
    }
  const add =
    (has: (this: never, key: never) => boolean) =>
    ({ native, self, shadow, args, above }: Told) => {
      const [key, ...values] = args.map((arg) => membrane.publish(arg))
      memory.write(shadow, key, above, values[0])
      if (!has.call(self as never, key as never)) memory.write(shadow, KEYS, above)
      return native.call(self, key, ...values)
    }
  const clear = ({ native, self, shadow, above }: Told) => {
    // What an earlier call adds would be gone as well.
    memory.read(shadow, KEYS, above)
    const keys = [...(self instanceof Map ? keysOf.call(self) : membersOf.call(self as Set<unknown>))]
    for (const key of keys) memory.take(shadow, key, above)
    return native.call(self)
  }

  for (const name of ['get', 'has']) telling.tell(Map.prototype, name, look)
  telling.tell(Map.prototype, 'set', add(hasEntry as never))
  telling.tell(Map.prototype, 'delete', remove(hasEntry as never))
  telling.tell(Map.prototype, 'clear', clear)
  telling.tell(Map.prototype, 'forEach', visit)
  for (const name of ['entries', 'values']) telling.tell(Map.prototype, name, listAll)
  telling.tell(Map.prototype, 'keys', iterate)
  telling.tell(Map.prototype, 'size', list)
  telling.alias(Map.prototype, 'entries', Symbol.iterator)
  telling.tell(Set.prototype, 'has', look)
  telling.tell(Set.prototype, 'add', add(hasMember as never))
  telling.tell(Set.prototype, 'delete', remove(hasMember as never))
  telling.tell(Set.prototype, 'clear', clear)
  telling.tell(Set.prototype, 'forEach', visit)
  for (const name of ['entries', 'values']) telling.tell(Set.prototype, name, iterate)
  telling.tell(Set.prototype, 'size', list)
  telling.alias(Set.prototype, 'values', Symbol.iterator)
  telling.alias(Set.prototype, 'values', 'keys')
}

// As they are when nobody watches.
const { entries: entriesOf, keys: keysOf, values: valuesOf, has: hasEntry } = Map.prototype
const { entries: pairsOf, values: membersOf, has: hasMember } = Set.prototype
