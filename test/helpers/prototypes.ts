import * as deco from '../../src/index.js'
import { Money, Point } from '../fixtures/serializable-classes.js'

type Part = readonly [name: string, value: unknown]

/** Notes what all prototypes of the language and of this package are; the function that it returns names those that have changed. */
export function watchPrototypes(): () => string[] {
  const before = prototypes().map(([name, prototype]) => ({ name, prototype, parts: partsOf(prototype) }))
  return () =>
    before.filter(({ prototype, parts }) => !areSame(parts, partsOf(prototype))).map(({ name }) => `${name}.prototype`)
}

function prototypes(): [string, object][] {
  const constructors = [...Object.getOwnPropertyNames(globalThis).map((name) => [name, own(globalThis, name)] as const)]
  constructors.push(...Object.entries(deco), ['Point', Point], ['Money', Money])
  return constructors.flatMap(([name, constructor]): [string, object][] => {
    const prototype = typeof constructor === 'function' ? (constructor.prototype as unknown) : undefined
    return typeof prototype === 'object' && prototype !== null ? [[name, prototype]] : []
  })
}

function own(object: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(object, name)?.value
}

function partsOf(prototype: object): Part[] {
  const properties = Reflect.ownKeys(prototype).flatMap((key): Part[] => {
    const { value, get, set, ...flags } = Object.getOwnPropertyDescriptor(prototype, key)!
    return [value, get, set, JSON.stringify(flags)].map((part) => [String(key), part])
  })
  return [['its own prototype', Object.getPrototypeOf(prototype)], ...properties]
}

function areSame(a: readonly Part[], b: readonly Part[]): boolean {
  return a.length === b.length && a.every(([name, part], i) => name === b[i]![0] && Object.is(part, b[i]![1]))
}
