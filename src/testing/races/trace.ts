/** Where in the program something happened: looked up now, read when it is asked for. */
export class Trace {
  readonly #holder: { stack?: string } = {}

  /** `above` is the detector's own function by which it was called. */
  constructor(above: Function) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = DEPTH
    Error.captureStackTrace(this.#holder, traced ?? above)
    Error.stackTraceLimit = stackTraceLimit
  }

  /** The first line of the stack that is the program's own: `file:///app/shop.js:17:5`. */
  get line(): string | undefined {
    for (const frame of this.#holder.stack?.split('\n').slice(1) ?? []) {
      const place = placeIn(frame)
      if (place !== undefined && !place.startsWith(OWN)) return place
    }
    return undefined
  }
}

// Whom the program called, where much of Node.js stands between that and what it touches.
let traced: Function | undefined

/** Has all that `look` touches happen where the program called a function. */
export function tracedTo<T>(above: Function, look: () => T): T {
  const before = traced
  traced = above
  try {
    return look()
  } finally {
    traced = before
  }
}

// `at name (place)` or `at place`. Frames of Node.js itself have none: `node:internal/util/comparisons:1:2`. A path may have brackets.
function placeIn(frame: string): string | undefined {
  return /(?: \(|^ *at (?:async )?)((?:file:|\/|[A-Za-z]:\\)(?:(?!\), ).)*:\d+:\d+)\)?$/.exec(frame)?.[1]
}

// Between the program and the detector stand methods of the language, and at times of this package.
const DEPTH = 12

// Where this package is, as stacks name it: bundled, compiled, or by its source map.
const OWN = placeIn(new Error().stack!.split('\n')[1]!)!.replace(/(testing[\\/]races|testing|core)[\\/][^\\/]*$/, '')
