import type { FindingId } from './catalog.js'
import { commonJsFinding } from './checks/loaders.js'
import { type Finding, finding } from './finding.js'
import { includesFile, namesOf } from './module-urls.js'
import type { PlainError, Seen } from './probed.js'
import type { Project } from './project.js'
import { isDecorated } from './sources.js'

/** What is to be said of a module that a worker could not import. */
export function importFailure(project: Project, file: string, thrown: PlainError, seen: Seen | undefined): Finding {
  const modules = seen?.modules ?? []
  if (thrown.name === 'EntryModuleError') return entryFinding(project, file, modules)
  const name = project.name(file)
  const say = (id: FindingId, what: string, wayOut: string) => finding(id, name, what, wayOut)
  // The library's own error only says that there is one.
  const error = thrown.message.startsWith('Cannot import ') ? (thrown.cause ?? thrown) : thrown
  const { message, code = '' } = error
  const isTyped = /\.[mc]?tsx?$/.test(file)
  if (/called as a legacy decorator/.test(message))
    return say(
      'legacy-decorators',
      `${name} was compiled with legacy decorators, which deco-ts refuses.`,
      'turn off "experimentalDecorators" (tsc, esbuild, tsx), "legacyDecorator" (swc) or "legacy" (Babel), and compile anew',
    )
  if (/gives decorators no metadata/.test(message))
    return say(
      'metadata-missing',
      `The decorators of ${name} get no metadata (context.metadata): its compiler does not know it, or Symbol.metadata was not there when the class was evaluated.`,
      'TypeScript 5.2, esbuild 0.21.3, swc with "decoratorVersion": "2022-03", Babel with "version": "2023-11", or later; import deco-ts before anything that replaces Symbol.metadata',
    )
  // Of the ways in which tsx and Node.js come to load it, one ends so.
  if (code === 'ERR_REQUIRE_CYCLE_MODULE' && isTyped && project.isCommonJs(file))
    return commonJsFinding(project, file, 'it is loaded by tsx')
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && isTyped)
    return say(
      'loader-missing',
      `A worker cannot load ${name}: Node.js ${project.node} does not know files of TypeScript, and no loader is there for it.`,
      'npm install --save-dev tsx, which workers then find by themselves, or compile with tsc and name the compiled file',
    )
  if (error.name === 'SyntaxError' && isDecorated(project.read(file) ?? ''))
    return isTyped
      ? say(
          'type-stripping',
          `${name} is loaded by Node.js alone, which strips types and cannot read decorators.`,
          'npm install --save-dev tsx, or compile with tsc and name the compiled file',
        )
      : say(
          'decorators-kept',
          `${name} still has its decorators: whatever built it left them as they are, and Node.js cannot read them.`,
          '"target": "es2022" for tsc or esbuild; a plugin that compiles decorators for Vite 8, rolldown and oxc',
        )
  return say(
    'import-fails',
    `A worker cannot import ${name}: ${error.name}: ${message.trim().split('\n')[0]}`,
    `node ${name} shows the same error with its stack; a module that needs what only the main thread has goes apart from the class`,
  )
}

function entryFinding(project: Project, file: string, modules: Seen['modules']): Finding {
  const name = project.name(file)
  const others = namesOf(project, modules)
  if (!includesFile(modules, file) && others !== '') {
    const what = `${name} starts a job and defines no decorated class: no worker imports it. The classes are in ${others}.`
    return finding('no-methods', name, what, `deco doctor ${others}`)
  }
  return finding(
    'entry-job',
    name,
    `${name} defines a decorated class and starts a job while it is imported: every worker would run it again.`,
    "the class in a module of its own, or the job only in the main thread: import { isMainThread } from 'node:worker_threads'; if (isMainThread) { … }",
  )
}
