import { types } from 'node:util'
import { copyBlindly, inspectBlindly } from './blind.js'

/** Whom the language's own methods tell what they do to a Map or a Set, while a call is recorded. */
export interface Watcher {
  read(holder: object, key: unknown): void
  list(holder: object): void
  write(holder: object, key: unknown): void
  remove(holder: object, key: unknown): void
  /** An object as the method is to see it, and the object behind what it sees. */
  show<T>(value: T): T
  original<T>(value: T): T
  goBlind(): void
}

const watchers = new WeakMap<object, Watcher>()
const active = new Set<Watcher>()

/** Has the methods of Maps and Sets report on one of them. */
export function watch(value: object, watcher: Watcher): void {
  watchers.set(value, watcher)
}

/** Has the reporting methods in place until what `run` returns is settled. */
export function whileWatching<T>(watcher: Watcher, run: () => T): T {
  if (undo.length === 0) install()
  active.add(watcher)
  const end = () => {
    active.delete(watcher)
    // To put them in place costs more than a call: the next one may want them, too.
    if (active.size > 0 || isToStop) return
    isToStop = true
    setImmediate(stopWatching).unref()
  }
  let result: T | undefined
  try {
    result = run()
    return result
  } finally {
    if (result instanceof Promise) void result.then(end, end)
    else end()
  }
}

let isToStop = false

/** Puts the language's own methods back, unless a recorded call is still under way. */
export function stopWatching(): void {
  isToStop = false
  if (undo.length === 0 || active.size > 0) return
  for (const restore of undo.reverse()) restore()
  undo = []
}

type Method = (this: object, ...args: unknown[]) => unknown
type Reporting = (watcher: Watcher, native: Method, holder: object, args: readonly unknown[]) => unknown

const get: Reporting = (watcher, native, holder, [key]) => {
  const original = watcher.original(key)
  watcher.read(holder, original)
  return watcher.show(native.call(holder, original))
}

const change: Reporting = (watcher, native, holder, args) => {
  const originals = args.map((arg) => watcher.original(arg))
  watcher.write(holder, originals[0])
  return native.apply(holder, originals)
}

const remove: Reporting = (watcher, native, holder, [key]) => {
  const original = watcher.original(key)
  // Whether there was something to delete is a result.
  watcher.read(holder, original)
  watcher.remove(holder, original)
  return native.call(holder, original)
}

const clear: Reporting = (watcher, native, holder) => {
  watcher.list(holder)
  for (const key of (types.isMap(holder) ? natives.keys : natives.members).call(holder) as Iterable<unknown>)
    watcher.remove(holder, key)
  return native.call(holder)
}

const visit: Reporting = (watcher, native, holder, [callback, thisArg]) => {
  watcher.list(holder)
  return native.call(holder, (value: unknown, key: unknown) => {
    watcher.read(holder, key)
    ;(callback as Method).call(thisArg as object, watcher.show(value), watcher.show(key), holder)
  })
}

const iterate: Reporting = (watcher, native, holder) => {
  watcher.list(holder)
  const entries = native.call(holder) as IterableIterator<unknown>
  return {
    __proto__: Object.getPrototypeOf(entries) as object,
    next() {
      const { done, value } = entries.next() as IteratorResult<unknown, unknown>
      if (done) return { done, value }
      if (!Array.isArray(value)) return { done: false, value: watcher.show(value) }
      return { done: false, value: [watcher.show(value[0]), watcher.show(value[1])] }
    },
  }
}

// Values that an iterator hands out were read under keys that it does not name: all of them count as read.
const iterateValues: Reporting = (watcher, native, holder, args) => {
  for (const key of natives.keys.call(holder) as Iterable<unknown>) watcher.read(holder, key)
  return iterate(watcher, native, holder, args)
}

// What sets make of each other is made of what the method sees of them.
const combine: Reporting = (watcher, native, holder, args) => {
  watcher.list(holder)
  const members = [...(natives.members.call(holder) as Iterable<unknown>)].map((member) => watcher.show(member))
  return native.apply(new Set(members), [...args])
}

// What the language has learnt since: nobody knows what it reads.
const useBlindly: Reporting = (watcher, native, holder, args) => {
  watcher.goBlind()
  return watcher.show(
    native.apply(
      holder,
      args.map((arg) => watcher.original(arg)),
    ),
  )
}

const REPORTING: readonly (readonly [prototype: object, methods: Readonly<Record<string, Reporting>>])[] = [
  [
    Map.prototype,
    {
      get,
      has: get,
      set: change,
      delete: remove,
      clear,
      forEach: visit,
      entries: iterateValues,
      values: iterateValues,
      keys: iterate,
    },
  ],
  [
    Set.prototype,
    {
      has: get,
      add: change,
      delete: remove,
      clear,
      forEach: visit,
      entries: iterate,
      values: iterate,
      union: combine,
      intersection: combine,
      difference: combine,
      symmetricDifference: combine,
      isSubsetOf: combine,
      isSupersetOf: combine,
      isDisjointFrom: combine,
    },
  ],
]

const natives = { keys: Map.prototype.keys as Method, members: Set.prototype.values as Method }
let undo: (() => void)[] = []

function install(): void {
  for (const [prototype, methods] of REPORTING) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const { value } = Object.getOwnPropertyDescriptor(prototype, name)!
      if (typeof value === 'function' && !(name === 'constructor' || (name === 'keys' && prototype === Set.prototype)))
        replace(prototype, name, methods[name] ?? useBlindly)
    }
    const { get: size } = Object.getOwnPropertyDescriptor(prototype, 'size')!
    const getter = wrap(size as Method, (watcher, native, holder) => {
      watcher.list(holder)
      return native.call(holder)
    })
    Object.defineProperty(prototype, 'size', { get: getter as () => number, configurable: true })
    undo.push(() => Object.defineProperty(prototype, 'size', { get: size!, configurable: true }))
  }
  // The default iterators are the same functions under another name.
  alias(Map.prototype, 'entries')
  alias(Set.prototype, 'values')
  alias(Set.prototype, 'values', 'keys')
  copyBlindly(active)
  undo.push(inspectBlindly(active))
}

function replace(holder: object, name: PropertyKey, report: Reporting): void {
  put(holder, name, wrap((holder as Record<PropertyKey, Method>)[name]!, report))
}

function alias(prototype: object, name: string, as: PropertyKey = Symbol.iterator): void {
  put(prototype, as, (prototype as Record<string, Method>)[name]!)
}

function put(holder: object, name: PropertyKey, method: Method): void {
  const before = Object.getOwnPropertyDescriptor(holder, name)!
  Object.defineProperty(holder, name, { ...before, value: method })
  undo.push(() => Object.defineProperty(holder, name, before))
}

function wrap(native: Method, report: Reporting): Method {
  const wrapped = {
    [native.name](this: object, ...args: unknown[]): unknown {
      const watcher = watchers.get(this)
      return watcher === undefined || !active.has(watcher)
        ? native.apply(this, args)
        : report(watcher, native, this, args)
    },
  }[native.name]!
  Object.defineProperty(wrapped, 'length', { value: native.length, configurable: true })
  return wrapped
}
