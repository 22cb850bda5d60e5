/** Where in the program something happened: looked up now, read when it is asked for. */
export class Trace {
  readonly #holder: { stack?: string } = {}

  /** `above` is the detector's own function by which it was called. */
  constructor(above: Function) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = DEPTH
    Error.captureStackTrace(this.#holder, above)
    Error.stackTraceLimit = stackTraceLimit
  }

  /** The first line of the stack that is the program's own: `file:///app/shop.js:17:5`. */
  get line(): string | undefined {
    for (const frame of this.#holder.stack?.split('\n').slice(1) ?? []) {
      const [, place] = /\(?((?:file:|\/|[A-Za-z]:\\)[^()]*:\d+:\d+)\)?$/.exec(frame) ?? []
      if (place !== undefined && !place.startsWith(OWN) && !place.startsWith(OWN_PATH)) return place
    }
    return undefined
  }
}

// Between the program and the detector stand methods of the language, and at times of this package.
const DEPTH = 12

// This package, whether it is bundled or as it was compiled.
const OWN = new URL('.', import.meta.url).href.replace(/(testing\/races|testing|core)\/$/, '')
const OWN_PATH = decodeURIComponent(new URL(OWN).pathname)
