import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import type { TestFn } from 'ava'
import { type CodeBlock, codeBlocks } from './code-blocks.js'
import { command, read, root } from './project.js'
import { runNode, runTool } from './run-program.js'
import { Turns } from './turns.js'

/** Every page that is written for readers. */
export const documents: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md', 'examples/README.md'],
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** The programs of a document: its TypeScript blocks, but for fragments. */
export function programsOf(path: string): CodeBlock[] {
  return codeBlocks(read(path)).filter(({ language, fragment }) => language === 'ts' && fragment === undefined)
}

/** What the blocks of a document print, by the comments behind their `console.log(…)`; empty where they do not say. */
export function saidBy({ code }: CodeBlock): string {
  return [...code.matchAll(/^console\.log\(.*\) \/\/ (.+)$/gm)].map(([, printed]) => `${printed}\n`).join('')
}

/**
 * Registers a test for every program of some documents: it compiles, with the options that the README names, and runs. Within
 * the package, `deco-ts` is the package itself, as built. `more` are further files to be compiled, by their paths.
 */
export function runsEveryBlock(test: TestFn, paths: readonly string[], more: Record<string, string> = {}): void {
  const folder = folderOf(paths.length === 1 ? paths[0]! : 'docs.md')
  const options = codeBlocks(read('README.md')).find(({ language }) => language === 'json')!
  const turns = new Turns()

  test.before('every program compiles', async (t) => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}tsconfig.json`, options.code)
    for (const path of paths) {
      mkdirSync(folderOf(path), { recursive: true })
      for (const block of programsOf(path)) writeFileSync(`${folderOf(path)}${nameOf(block)}.ts`, block.code)
    }
    for (const [file, code] of Object.entries(more)) writeFileSync(file, code)
    const { code, output } = await runTool(process.execPath, [command('typescript', 'tsc'), '-p', folder])
    t.is(code, 0, output)
  })

  for (const path of paths) {
    for (const block of programsOf(path)) {
      test(`${path}: the program at line ${block.line} runs`, async (t) => {
        const { code, output, stdout } = await turns.take(() => runNode([`${folderOf(path)}${nameOf(block)}.js`]))
        t.is(code, 0, output)
        if (saidBy(block) !== '') t.is(stdout, saidBy(block))
      })
    }
  }
}

/** The name of the file that a block becomes. */
export function nameOf({ file, line }: CodeBlock): string {
  return file?.replace(/\.ts$/, '') ?? `line-${line}`
}

/** Where the programs of a document are compiled. */
export function folderOf(path: string): string {
  return `${root}build/documents/${path.replace(/\.md$/, '')}/`
}

/** What a document links to within the repository: the file, from the root on, and the place in it. */
export function linksOf(path: string): { file: string; anchor: string | undefined }[] {
  const links = outsideOfCode(read(path)).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)
  return [...links].map(([, to, anchor]) => ({ file: to === '' ? path : join(dirname(path), to!), anchor }))
}

/** The anchors of a document's headings, as GitHub and the site make them. */
export function anchorsOf(markdown: string): string[] {
  const headings = [...outsideOfCode(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!)
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-'),
  )
}

function outsideOfCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, '')
}
