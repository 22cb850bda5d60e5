import { classInEntry, importsEntry, mergedWithEntry } from './build-error.js'

/** The modules of a build, by their names. */
export interface BuiltModules {
  /** Those that a bundler was told to begin with. */
  readonly entries: Iterable<string>
  /** What a module imports, by `import()` as well. */
  imports(module: string): Iterable<string>
  /** What is evaluated when the file is, in which a module lies. */
  evaluatedWith(module: string): Iterable<string>
}

/**
 * What is wrong with the files in which decorated classes lie: a worker that imports one must not evaluate a program.
 * `way` says how to undo what puts modules into one file.
 */
export function* faultsOf(jobs: Iterable<string>, modules: BuiltModules, way: string): Generator<string> {
  const programs = programsOf(modules)
  for (const job of jobs) {
    if (programs.has(job)) {
      yield classInEntry(job)
      continue
    }
    const program = [...modules.evaluatedWith(job)].find((module) => programs.has(module))
    if (program === undefined) continue
    yield reachableFrom(job, modules).has(program) ? importsEntry(job, program) : mergedWithEntry(job, program, way)
  }
}

// An entry that another one imports, and that does not import it, is no program: it was made an entry for a file of its own.
function programsOf(modules: BuiltModules): Set<string> {
  const reachable = new Map([...modules.entries].map((entry) => [entry, reachableFrom(entry, modules)]))
  const isImported = (entry: string) =>
    [...reachable].some(([other, of]) => other !== entry && of.has(entry) && !reachable.get(entry)!.has(other))
  return new Set([...reachable.keys()].filter((entry) => !isImported(entry)))
}

function reachableFrom(module: string, modules: BuiltModules): Set<string> {
  const found = new Set([module])
  for (const each of found) for (const imported of modules.imports(each)) found.add(imported)
  return found
}
