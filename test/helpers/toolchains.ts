// What is built with what in `npm run test:toolchains`, and the table of it in the docs.

import { writeFileSync } from 'node:fs'
import { read, root } from './project.js'

/** What a run of the matrix found. */
export interface Results {
  /** The major version of Node.js. */
  readonly node: string
  readonly versions: Record<string, string>
  /** `works` or `fails`, by bundler and who compiles. */
  readonly cells: Record<string, string>
}

/** No bundler: what a compiler wrote runs as it is. */
export const NONE = 'no bundler'

export const BUNDLERS = ['rollup', 'rolldown', 'Vite 7', 'Vite 8', 'esbuild', 'webpack'] as const
export type Bundler = (typeof BUNDLERS)[number]

/** What compiles all files before a bundler sees them. */
export const COMPILERS = [
  'TypeScript 5',
  'TypeScript 6',
  'TypeScript 7',
  'TypeScript 7 with tslib',
  'esbuild',
  'swc',
  'swc with @swc/helpers',
  'Babel',
  'Babel with @babel/runtime',
  'Bun',
] as const

/** What compiles the sources while a bundler runs, and with which one. */
export const WITHIN: Record<string, readonly Bundler[]> = {
  'the bundler itself': ['esbuild'],
  'deco-ts/plugin with esbuild': ['rolldown', 'Vite 7', 'Vite 8'],
  'deco-ts/plugin with swc': ['rolldown', 'Vite 8'],
  'deco-ts/plugin with Babel': ['rolldown'],
  'deco-ts/plugin with TypeScript 6': ['rolldown'],
  'rollup-plugin-esbuild': ['rollup'],
  '@rollup/plugin-typescript': ['rollup'],
  'swc-loader': ['webpack'],
  'esbuild-loader': ['webpack'],
}

/** Settings of bundlers that change what becomes a file, or how files are loaded. */
export const SETTINGS: Record<string, readonly Bundler[]> = {
  'CommonJS output': ['rollup', 'rolldown', 'webpack'],
  'a file for each module': ['rollup', 'rolldown'],
  'all classes in one file': ['rollup', 'rolldown', 'Vite 7', 'Vite 8', 'webpack'],
}

/** What no worker could load: with which bundlers, and what the error says. The others are tested in test/plugin/. */
export const FAULTS: Record<string, { readonly bundlers: readonly Bundler[]; readonly says: RegExp }> = {
  'a class in the entry': {
    bundlers: ['rolldown', 'Vite 7', 'Vite 8', 'webpack'],
    says: /Cannot build [^:]*in-entry\.js: .* is an entry.*Way out: move the classes into a module of their own/s,
  },
  'a class that imports the entry': {
    bundlers: ['rolldown', 'Vite 7', 'Vite 8', 'webpack'],
    says: /Cannot build [^:]*in-circle\.js: .* imports the entry [^,]*circle\.js.*Way out: move what it needs/s,
  },
  'classes and entry in one group': {
    bundlers: ['rolldown', 'Vite 7', 'Vite 8'],
    says: /Cannot build [^:]+\.js: .* one file with the entry [^,]*main\.js.*Way out: leave the module out/s,
  },
  'everything in one file': {
    bundlers: ['rolldown', 'Vite 7', 'Vite 8'],
    says: /Cannot build [^:]+\.js: .* puts everything into one file.*Way out: turn it (on|off), and give output\.dir/s,
  },
}

/** One build of the application. */
export interface Build {
  readonly bundler: Bundler
  /** What compiles. */
  readonly by: string
  readonly setting?: string
  readonly isMinified: boolean
}

// Each leaves something else of a class, helpers beside it or in a package among it. The others write much the same: they go
// through one bundler, and run as they are.
const UNLIKE = ['TypeScript 7', 'TypeScript 7 with tslib', 'swc', 'Babel']

/** Every build, with every bundler that it applies to, minified and not. */
export const BUILDS: readonly Build[] = BUNDLERS.flatMap((bundler) => [
  ...COMPILERS.filter((by) => bundler === 'rollup' || UNLIKE.includes(by)).map((by) => ({ bundler, by })),
  ...Object.keys(WITHIN).flatMap((by) => (WITHIN[by]!.includes(bundler) ? { bundler, by } : [])),
  ...Object.keys(SETTINGS).flatMap((setting) =>
    SETTINGS[setting]!.includes(bundler) ? { bundler, by: 'TypeScript 7', setting } : [],
  ),
]).flatMap((build) => [
  { ...build, isMinified: false },
  { ...build, isMinified: true },
])

/** What stands for a build in the results. */
export function cellOf({ bundler, by, setting, isMinified }: Build): string {
  return [bundler, by, ...(setting === undefined ? [] : [setting]), ...(isMinified ? ['minified'] : [])].join(', ')
}

export const FILE = 'docs/toolchains.md'
export const TABLE = /(<!-- toolchains: written by `npm run test:toolchains` -->\n\n)(.*?)(\n\n<!-- \/toolchains -->)/s

/** The docs with the table of what the last run found. */
export function toolchainsDocument(): string {
  return read(FILE).replace(TABLE, (_, opening: string, __, closing: string) => opening + tables() + closing)
}

export function writeToolchains(): void {
  writeFileSync(`${root}${FILE}`, toolchainsDocument())
}

function tables(): string {
  const { node, versions, cells } = JSON.parse(read('test/matrix/results.json')) as Results
  const versioned = (name: string) => {
    const tool = Object.keys(versions).find((tool) => name === tool || name.startsWith(`${tool} with `))
    return tool === undefined ? name : name.replace(tool, `${tool.replace(/ \d+$/, '')} ${versions[tool]}`)
  }
  const show = (bundler: Bundler, by: string, setting?: string) => {
    const build = { bundler, by, ...(setting !== undefined && { setting }) }
    const found = [false, true].map((isMinified) => cells[cellOf({ ...build, isMinified })])
    if (found.every((each) => each === undefined)) return '–'
    return found.every((each) => each === 'works') ? 'works' : 'fails'
  }
  const row = (title: string, by: string, setting?: string) => ({
    ...{ 'compiled by': versioned(title), [NONE]: cells[`${NONE}, ${by}`] ?? '–' },
    ...Object.fromEntries(BUNDLERS.map((bundler) => [versioned(bundler), show(bundler, by, setting)])),
  })
  return [
    `With Node.js ${node}. What stands below a bundler was built twice, minified and not.`,
    table([...COMPILERS, ...Object.keys(WITHIN), 'tsx'].map((by) => row(by, by))),
    'With further settings, compiled by TypeScript 7:',
    table(
      Object.keys(SETTINGS).map((setting) => {
        const { 'compiled by': _, [NONE]: __, ...shown } = row(setting, 'TypeScript 7', setting)
        return { setting, ...shown }
      }),
    ),
  ].join('\n\n')
}

// Columns are as wide as their widest cell: the docs are formatted like this.
function table(rows: readonly Record<string, string>[]): string {
  const columns = Object.keys(rows[0]!)
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]!))]
  const widths = columns.map((_, i) => Math.max(3, ...lines.map((cells) => cells[i]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  const [head, ...body] = lines
  return [head!, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('\n')
}
