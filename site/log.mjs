/**
 * The logger of Vite and VitePress: a warning ends the build with code 1, and how far they are is not shown. VitePress has a copy of
 * its own of this module, so that what they share is the process.
 */
export const log = {
  hasWarned: false,
  info() {},
  warn(message) {
    log.hasWarned = true
    problem(`warning: ${message.trim()}`)
  },
  warnOnce(message) {
    log.warn(message)
  },
  error(message) {
    problem(`error: ${message}`)
  },
  clearScreen() {},
  hasErrorLogged: () => false,
}

/** Says what is wrong, and goes on: there may be more. */
export function problem(message) {
  console.error(message)
  process.exitCode = 1
}
