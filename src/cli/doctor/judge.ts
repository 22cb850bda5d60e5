import type { FindingId } from './catalog.js'
import { commonJsFinding } from './checks/loaders.js'
import { type Finding, finding } from './finding.js'
import { importFailure } from './import-failure.js'
import { includesFile, namesOf } from './module-urls.js'
import type { Probed } from './probe.js'
import type { Effects, Seen } from './probed.js'
import type { Project } from './project.js'
import { isDecorated } from './sources.js'

// The library's own: a bundle that has it holds the whole of deco-ts.
const OWN_KEY = ['deco-ts', 'class'].join(':')

/** What is to be said of a module that has been loaded; `slow` is how many ms an import may take. */
export function judge(project: Project, probed: Probed, slow: number): Finding[] {
  const { file } = probed
  const name = project.name(file)
  if (probed.state === 'exits')
    return [
      finding(
        'import-exits',
        name,
        `${name} ends ${probed.how} while it is imported: no worker gets the class.`,
        'move process.exit() out of the module, or the class into a module of its own',
      ),
    ]
  if (probed.state === 'hangs') {
    const how =
      probed.limit === undefined
        ? 'is never imported: its top-level await waits for what cannot come'
        : `is not imported within ${probed.limit} ms`
    return [
      finding(
        'import-hangs',
        name,
        `${name} ${how}. A worker waits for it before its first call.`,
        'let the module define classes and start nothing: no top-level await for what may not come, no endless loop; --timeout MS gives it longer',
      ),
    ]
  }
  if (probed.state === 'failed') return [importFailure(project, file, probed.error, probed.seen)]
  const { seen } = probed
  return [...registration(project, file, seen), ...effects(name, seen.effects), ...slowness(name, seen, slow)]
}

// A class without concurrent methods counts: it may be @serializable, or a base class.
function registration(project: Project, file: string, { modules }: Seen): Finding[] {
  if (includesFile(modules, file)) return []
  const name = project.name(file)
  const text = project.read(file) ?? ''
  if (text.includes(OWN_KEY))
    return [
      finding(
        'bundled-worker',
        name,
        `${name} holds a copy of deco-ts: the bundler has made it a part of the bundle, beside which its workers are not found.`,
        "deco-ts among the externals of the bundler (esbuild: packages: 'external'; rollup: external: [/^deco-ts/]), and bundle anew",
      ),
    ]
  if (isDecorated(text) && /\.[mc]?tsx?$/.test(file) && project.isCommonJs(file))
    return [commonJsFinding(project, file, 'it is loaded by tsx')]
  // Of the classes of another copy nothing can be seen here, as has been said.
  if (project.deco?.folder !== project.own.folder) return []
  const others = namesOf(project, modules)
  if (others === '')
    return [
      finding(
        'no-methods',
        name,
        `${name} defines no class of deco-ts while it is imported.`,
        'define the class at the top level of the module, unconditionally, or name the module that does',
      ),
    ]
  const what = `${name} defines no class of deco-ts itself; those that it imports are in ${others}.`
  return [finding('no-methods', name, what, `deco doctor ${others}`)]
}

function effects(name: string, { printed, writes, servers, handles, changes }: Effects): Finding[] {
  const why = 'which happens again in every worker'
  const apart = 'the class in a module that does nothing else while it is imported, or a guard: if (isMainThread) { … }'
  const found: Finding[] = []
  const say = (id: FindingId, what: string) => found.push(finding(id, name, `${name} ${what}, ${why}.`, apart))
  if (servers.length > 0) say('import-server', `starts a server (${servers.join(', ')}) while it is imported`)
  if (handles.length > 0) say('import-handles', `leaves ${handles.join(' and ')} running when it is imported`)
  if (writes.length > 0) say('import-writes', `writes to ${few(writes)} while it is imported`)
  if (changes.length > 0) say('import-process-state', `${changes.join(' and ')} while it is imported`)
  if (printed !== '') say('import-prints', `prints ${JSON.stringify(firstLine(printed))} while it is imported`)
  return found
}

function slowness(name: string, { milliseconds }: Seen, slow: number): Finding[] {
  if (milliseconds <= slow) return []
  const what = `${name} takes ${Math.round(milliseconds)} ms to import, and every worker imports it before its first call.`
  return [
    finding(
      'import-slow',
      name,
      what,
      'do what takes long in the method, once, when it is needed; import heavy packages there',
    ),
  ]
}

function few(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]!
}
