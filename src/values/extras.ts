import { inspect } from 'node:util'

// Below this length, listing the keys of an array costs less than what `inspect` does.
const LISTED_BELOW = 32

/**
 * Whether an array, or a typed array with a bare likeness of it, has own properties besides its elements. Listing the keys
 * of a long one makes a string of every index; what `inspect` prints of it tells the same in microseconds.
 */
export function hasExtras(value: ArrayLike<unknown> & object, likeness?: () => object): boolean {
  const { length } = value
  if (length < LISTED_BELOW)
    return Reflect.ownKeys(value).length > countElements(value) + (Array.isArray(value) ? 1 : 0)
  const text = inspect(value, SHORT)
  const isBare =
    likeness === undefined
      ? text.endsWith(`[ ... ${length} more items, [length]: ${length} ]`)
      : text === inspect(likeness(), SHORT)
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
  showHidden: true,
  colors: false,
}

function countElements(value: ArrayLike<unknown>): number {
  let count = 0
  for (let i = 0; i < value.length; i++) if (value[i] !== undefined || Object.hasOwn(value, i)) count++
  return count
}

/** Whether a key is that of an element of an array. */
export function isIndex(key: PropertyKey): boolean {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1
}
