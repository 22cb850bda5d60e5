type Version = readonly [major: number, minor: number, patch: number]

/** Whether a version lies in a range as package.json writes them; `undefined` if the range is no range, such as `workspace:*` or a tag. */
export function isInRange(version: string, range: string): boolean | undefined {
  const at = parse(version)
  const sets = range.split('||').map((set) => intervalsIn(set.trim()))
  if (at === undefined || sets.some((set) => set === undefined)) return undefined
  return sets.some((set) => set!.every(([from, to]) => compare(at, from) >= 0 && compare(at, to) < 0))
}

/** Whether one version is before another; what is left out of them counts as 0. */
export function isBefore(version: string, other: string): boolean {
  const [a, b] = [parse(version), parse(other)]
  return a !== undefined && b !== undefined && compare(a, b) < 0
}

const NONE: Version = [0, 0, 0]
const END: Version = [Number.POSITIVE_INFINITY, 0, 0]

function parse(text: string): Version | undefined {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/.exec(text.trim())
  return found === null ? undefined : [Number(found[1]), Number(found[2] ?? 0), Number(found[3] ?? 0)]
}

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

type Interval = readonly [from: Version, before: Version]

function intervalsIn(set: string): Interval[] | undefined {
  const hyphen = /^(\S+)\s+-\s+(\S+)$/.exec(set)
  const parts = hyphen === null ? set.replace(/([<>=~^])\s+/g, '$1').split(/\s+/) : [`>=${hyphen[1]}`, `<=${hyphen[2]}`]
  const intervals = parts.map(intervalOf)
  return intervals.includes(undefined) ? undefined : (intervals as Interval[])
}

const COMPARATOR = /^(\^|~|>=|<=|>|<|=)?\s*v?(\d+|[x*])?(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?(?:[-+].*)?$/i

function intervalOf(text: string): Interval | undefined {
  const found = COMPARATOR.exec(text)
  if (found === null) return undefined
  const [, operator = '=', ...numbers] = found
  const [major, minor, patch] = numbers.map((part) =>
    part === undefined || /[x*]/i.test(part) ? undefined : Number(part),
  )
  if (major === undefined) return [NONE, END]
  const from: Version = [major, minor ?? 0, patch ?? 0]
  // The first version that is beyond everything that the text may stand for.
  const next: Version =
    minor === undefined ? [major + 1, 0, 0] : patch === undefined ? [major, minor + 1, 0] : [major, minor, patch + 1]
  switch (operator) {
    case '>=':
      return [from, END]
    case '>':
      return [next, END]
    case '<':
      return [NONE, from]
    case '<=':
      return [NONE, next]
    case '~':
      return [from, minor === undefined ? [major + 1, 0, 0] : [major, minor + 1, 0]]
    case '^':
      if (major > 0 || minor === undefined) return [from, [major + 1, 0, 0]]
      return [from, minor > 0 || patch === undefined ? [0, minor + 1, 0] : [0, 0, patch + 1]]
    default:
      return [from, next]
  }
}
