/** Whether an error may be that of somebody who was given something else than the typed array that was asked for. */
export function isAboutViews(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof AggregateError && at.errors.some(isAboutViews)) return true
    if (CODES.has((at as { code?: unknown }).code) || (at instanceof DOMException && KINDS.has(at.name))) return true
    if (at instanceof TypeError && isByNative(at)) return true
  }
  return false
}

// How functions of Node.js, and those of native modules, refuse an argument.
const CODES = new Set<unknown>(['ERR_INVALID_ARG_TYPE', 'ERR_INVALID_THIS', 'InvalidArg'])
const KINDS = new Set(['DataCloneError', 'TypeMismatchError'])

// Methods of the language stand on top of the stack without a file. Some natives do not stand there at all.
function isByNative({ message, stack }: TypeError): boolean {
  if (/^Illegal invocation$|^WebAssembly\./.test(message)) return true
  const top = stack?.split('\n').find((line) => /^ {4}at /.test(line))
  return NOT_A_VIEW.test(message) && top !== undefined && /\(<anonymous>\)$|\(?node:[^()]*\)?$/.test(top)
}

const NOT_A_VIEW = /typed ?array|array ?buffer|dataview|buffer|incompatible receiver/i
