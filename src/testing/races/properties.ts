import type { Guards } from './guards.js'
import { KEYS } from './place.js'
import { isObject, type Method, type Telling } from './telling.js'

/** Has what looks at properties without asking for one tell what the caller sees so. */
export function tellOfProperties(telling: Telling, guards: Guards): void {
  const { memory } = telling.membrane

  // `key` is what is looked at where the caller does not say it.
  const tellOfFirst = (holder: object, name: string, key?: unknown): void => {
    const native = (holder as Record<string, Method>)[name]!
    const told = (value: unknown, ...rest: unknown[]): unknown => {
      const shadow = memory.strand === undefined && isObject(value) ? memory.known(value) : undefined
      if (shadow !== undefined) memory.read(shadow, key ?? rest[0], told)
      return native.call(holder, value, ...rest)
    }
    telling.replace(holder, name, told)
  }
  for (const name of ['keys', 'getOwnPropertyNames'] as const) tellOfFirst(Object, name, KEYS)
  tellOfFirst(Reflect, 'ownKeys', KEYS)
  tellOfFirst(Object, 'hasOwn')
  tellOfFirst(Reflect, 'has')
  for (const name of ['hasOwnProperty', 'propertyIsEnumerable'])
    telling.tell(Object.prototype, name, ({ native, self, shadow, args: [key], above }) => {
      if (memory.strand === undefined) memory.read(shadow, key, above)
      return native.call(self, key)
    })
  const ofCaller = (
    holder: object,
    name: string,
    look: (native: Method, object: object, args: unknown[], above: Function) => unknown,
  ) => {
    const native = (holder as Record<string, Method>)[name]!
    const told = (value: unknown, ...rest: unknown[]): unknown =>
      memory.strand === undefined && isObject(value) && memory.known(value) !== undefined
        ? look(native, value, rest, told)
        : native.call(holder, value, ...rest)
    telling.replace(holder, name, told)
  }
  for (const name of ['freeze', 'seal', 'preventExtensions'])
    ofCaller(Object, name, (native, object) => {
      guards.lift(object)
      return native.call(Object, object)
    })
  ofCaller(Reflect, 'preventExtensions', (native, object) => {
    guards.lift(object)
    return native.call(Reflect, object)
  })
  // What is an accessor only for as long as the caller is watched, it sees as the property that it is.
  const describe = (object: object, key: PropertyKey, above: Function) => {
    memory.read(memory.known(object)!, key, above)
    return guards.ownProperty(object, key)
  }
  for (const holder of [Object, Reflect])
    ofCaller(holder, 'getOwnPropertyDescriptor', (_, object, [key], above) =>
      describe(object, key as PropertyKey, above),
    )
  ofCaller(Object, 'getOwnPropertyDescriptors', (_, object, __, above) => {
    memory.read(memory.known(object)!, KEYS, above)
    return Object.fromEntries(ownKeys(object).map((key) => [key, describe(object, key, above)]))
  })
  for (const holder of [Object, Reflect])
    ofCaller(holder, 'defineProperty', (native, object, [key, property], above) =>
      guards.redefine(object, key as PropertyKey, () => native.call(holder, object, key, property), above),
    )
  ofCaller(Object, 'defineProperties', (_, object, [properties]) => {
    for (const key of ownKeys(properties as object))
      Object.defineProperty(object, key, (properties as PropertyDescriptorMap)[key as string]!)
    return object
  })
}

// As it is when nobody watches.
const { ownKeys } = Reflect
