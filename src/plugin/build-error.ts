import { relative } from 'node:path'

// What can be wrong with a build. A worker imports the module of a class: what it evaluates besides must not be the program.

/** A class stands in the entry of the program. */
export function classInEntry(module: string): string {
  return (
    `Cannot build ${shown(module)}: it has decorated classes and is an entry, and workers, which import the module of a class, ` +
    'would run the program again. Way out: move the classes into a module of their own. If it starts nothing when a worker ' +
    "imports it, as a library's entry or one behind isMainThread: deco-ts/plugin's option library: true."
  )
}

/** The module of a class imports the entry of the program. */
export function importsEntry(module: string, entry: string): string {
  return (
    `Cannot build ${shown(module)}: it has decorated classes and imports the entry ${shown(entry)}, by itself or through others, so ` +
    'that workers, which import the module of a class, would run the program again. Way out: move what it needs of the ' +
    'entry into a module of its own.'
  )
}

/** A setting puts the module of a class and the entry into one file. */
export function mergedWithEntry(module: string, entry: string, way: string): string {
  return (
    `Cannot build ${shown(module)}: it has decorated classes and would come to lie in one file with the entry ${shown(entry)}, and workers, ` +
    `which import the file of a class, would run the program again. Way out: ${way}.`
  )
}

/** A setting allows for one file only, or for none that a worker can import. */
export function noFileOfItsOwn(module: string, setting: string, way: string): string {
  return (
    `Cannot build ${shown(module)}: it has decorated classes and must become a file of its own, which workers import, but ${setting}. ` +
    `Way out: ${way}.`
  )
}

/** Nothing is there to compile decorators. */
export function noCompiler(module: string, bundler: string): string {
  return (
    `Cannot compile the decorators in ${shown(module)}: ${bundler} leaves them as they are, no JavaScript engine runs them yet, and ` +
    'none of the compilers that deco-ts/plugin can use is installed. Way out: npm install --save-dev esbuild (or @swc/core, ' +
    'or @babel/core @babel/plugin-proposal-decorators @babel/preset-typescript, or typescript before 7), or a plugin of yours that compiles them, before this one.'
  )
}

/** A compiler that was asked for by name is not there. */
export function compilerMissing(module: string, compiler: string, packages: readonly string[]): string {
  return (
    `Cannot compile the decorators in ${shown(module)} with ${compiler}: ${packages.join(' or ')} is not installed, or not a version ` +
    `that can be used here. Way out: npm install --save-dev ${packages.join(' ')}.`
  )
}

function shown(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path
}
