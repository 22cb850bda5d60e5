import { pathToFileURL } from 'node:url'

/**
 * URL of the module in which a decorator is being evaluated: the file of the first stack frame above `decorator` that is
 * the user's own. `undefined` where there is no such file (`eval`, the REPL, `node --eval`).
 */
export function callSite(decorator: Function): string | undefined {
  for (const frame of frames(decorator)) {
    const file = frame.getFileName()
    if (file === null || file === undefined || isHelper(file, frame.getFunctionName())) continue
    if (file.startsWith('file:')) return file
    // Under CommonJS a frame's file is a plain path; `[eval]`, `evalmachine.<anonymous>` and `REPL1` are no files.
    return /^([\\/]|[A-Za-z]:[\\/])/.test(file) ? pathToFileURL(file).href : undefined
  }
  return undefined
}

// Compilers call a decorator through helpers, which stand above or beside the user's frames: inlined into the user's own
// file (tsc, esbuild, swc), in a package (tslib, @swc/helpers, @babel/runtime) or in the runtime (bun:wrap).
function isHelper(file: string, name: string | null): boolean {
  return /^(node|bun):|[\\/](tslib|@swc[\\/]helpers|@babel[\\/]runtime)[\\/]/.test(file) || HELPERS.test(name ?? '')
}

const HELPERS =
  /^(Object\.)?(__esDecorate|__decorateElement|__decorate|_?applyDecs\w*|_apply_decs\w*|applyMemberDec\w*|memberDec\w*)$/

function frames(above: Function): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 20
    Error.prepareStackTrace = (_, sites) => sites
    const holder: { stack?: unknown } = {}
    Error.captureStackTrace(holder, above)
    return holder.stack as NodeJS.CallSite[]
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The line of the program on which a call was made. */
export class CallSite {
  readonly #holder: { stack?: string } = {}

  constructor(above: Function) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 1
    Error.captureStackTrace(this.#holder, above)
    Error.stackTraceLimit = stackTraceLimit
  }

  /** As a line of a stack. */
  get line(): string | undefined {
    return this.#holder.stack?.split('\n')[1]
  }
}

// Looking at the stack costs several times what a small call does: the first calls of a method all do, later ones now and then.
const ALWAYS = 16
const THEN_EVERY = 512

/** The lines on which a job calls a method, each call's own or the last one that was looked up. */
export class CallSites {
  #count = 0
  #last: CallSite | undefined

  next(above: Function): CallSite {
    const count = this.#count++
    if (count < ALWAYS || count % THEN_EVERY === 0) this.#last = new CallSite(above)
    return this.#last!
  }
}
