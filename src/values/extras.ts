import { inspect } from 'node:util'

// Below this length, listing the keys of an array costs less than what `inspect` does.
const LISTED_BELOW = 32

/**
 * Whether an array or a typed array has own properties besides its elements. Listing the keys of a long one makes a string
 * of every index; what `inspect` prints of it tells the same in microseconds. It does not tell hidden properties of typed
 * arrays from those of their class.
 */
export function hasExtras(value: ArrayLike<unknown> & object): boolean {
  const { length } = value
  const isArray = Array.isArray(value)
  if (length < LISTED_BELOW) return Reflect.ownKeys(value).length > countElements(value) + (isArray ? 1 : 0)
  const isBare = isArray
    ? inspect(value, WITH_HIDDEN).endsWith(`[ ... ${length} more items, [length]: ${length} ]`)
    : inspect(value, SHORT).endsWith(`[ ... ${length} more items ]`)
  return !isBare && extrasOf(value).length > 0
}

/** Own properties besides the elements of an array. */
export function extrasOf(value: object): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) => key !== 'length' && !isIndex(key))
}

const SHORT = {
  depth: 0,
  maxArrayLength: 0,
  breakLength: Infinity,
  customInspect: false,
  showHidden: false,
  colors: false,
}
const WITH_HIDDEN = { ...SHORT, showHidden: true }

function countElements(value: ArrayLike<unknown>): number {
  let count = 0
  for (let i = 0; i < value.length; i++) if (value[i] !== undefined || Object.hasOwn(value, i)) count++
  return count
}

/** Whether a key is that of an element of an array. */
export function isIndex(key: PropertyKey): boolean {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1
}
