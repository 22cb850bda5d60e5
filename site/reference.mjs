// The API reference, out of the doc comments of src: one page for each public name of each import that package.json names.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Application, Converter, ReflectionKind } from 'typedoc'
import ts from 'typescript'

// What users never name: types of an executor's inside, and of what a decorator is given.
const INSIDE = ['ExecutorCall', 'BatchWatcher', 'MethodContext', 'Class']
// Members that the language and Node.js call, and nobody else.
const UNCALLED = ['[species]', '[toStringTag]', '[custom]', '[iterator]']

// TypeDoc leaves out which error it is that a function throws.
const { readFile } = ts.sys
ts.sys.readFile = (path, encoding) => readFile(path, encoding)?.replace(/@throws \{(\w+)\}/g, '@throws `$1`')

/**
 * Writes the pages, and gives the public names, each with the import that has it.
 * @throws if TypeDoc warns: of a name without a comment, a link to nothing, or a type that is used and not exported
 */
export async function writeReference(root, out) {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const sources = Object.entries(exports).flatMap(([path, { types }]) =>
    types === undefined
      ? []
      : [{ from: join('deco-ts', path), source: types.replace(/^\.\/dist\/(.*)\.d\.ts$/, 'src/$1.ts') }],
  )
  const app = await Application.bootstrapWithPlugins({
    name: 'API reference',
    entryPoints: sources.map(({ source }) => join(root, source)),
    tsconfig: join(root, 'tsconfig.json'),
    // tsc has looked at the types, in its own version.
    skipErrorChecking: true,
    plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
    out,
    docsRoot: join(out, '..'),
    router: 'member',
    readme: 'none',
    hidePageHeader: true,
    hideBreadcrumbs: false,
    useCodeBlocks: true,
    disableSources: true,
    excludeExternals: true,
    excludePrivate: true,
    excludeInternal: true,
    excludeNotDocumented: false,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    intentionallyNotExported: INSIDE,
    validation: { notExported: true, invalidLink: true, invalidPath: true, notDocumented: false },
    logLevel: 'Warn',
  })
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of Object.values(project.reflections))
      if (UNCALLED.includes(reflection.name)) project.removeReflection(reflection)
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const file = project.getSymbolIdFromReflection(module)?.fileName ?? ''
      module.name = sources.find(({ source }) => file.endsWith(source))?.from ?? module.name
    }
  })
  const project = await app.convert()
  app.validate(project)
  for (const reflection of Object.values(project.reflections))
    if (!isDocumented(reflection)) app.logger.warn(`${reflection.getFullName()} has no doc comment`)
  await app.generateOutputs(project)
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new Error('Cannot write the API reference: see above.')
  return (project.children ?? []).flatMap(({ name: from, children = [] }) =>
    children.map(({ name }) => ({ name, from })),
  )
}

const NAMED =
  ReflectionKind.ClassOrInterface |
  ReflectionKind.FunctionOrMethod |
  ReflectionKind.Variable |
  ReflectionKind.TypeAlias |
  ReflectionKind.Property |
  ReflectionKind.Accessor

// Members of a type without a name are told of where it stands, and those of a record by what it is or by their neighbours; options
// each say what they do.
function isDocumented(reflection) {
  const { kind, parent, signatures = [], getSignature, setSignature } = reflection
  const isOfRecord = parent?.kindOf(ReflectionKind.Interface) && !parent.name.endsWith('Options')
  if (!(kind & NAMED) || parent?.kindOf(ReflectionKind.TypeLiteral)) return true
  if (kind === ReflectionKind.Property && isOfRecord) return true
  return [reflection, ...signatures, getSignature, setSignature].some((part) => part?.hasComment())
}
