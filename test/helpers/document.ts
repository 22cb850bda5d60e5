import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { TestFn } from 'ava'
import { type CodeBlock, codeBlocks } from './code-blocks.js'
import { command, read, root } from './project.js'
import { runNode, runTool } from './run-program.js'

/**
 * Registers a test for every TypeScript block of a document: it compiles, with the options that the README names, and runs. Within
 * the package, `deco-ts` is the package itself, as built. `more` are further files to be compiled.
 */
export function runsEveryBlock(test: TestFn, path: string, folder: string, more: Record<string, string> = {}): void {
  const programs = codeBlocks(read(path)).filter(
    ({ language, fragment }) => language === 'ts' && fragment === undefined,
  )
  const options = codeBlocks(read('README.md')).find(({ language }) => language === 'json')!

  test.before(`every TypeScript block of ${path} compiles`, async (t) => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(`${folder}tsconfig.json`, options.code)
    for (const block of programs) writeFileSync(`${folder}${nameOf(block)}.ts`, block.code)
    for (const [name, code] of Object.entries(more)) writeFileSync(`${folder}${name}`, code)
    const { code, output } = await runTool(process.execPath, [command('typescript', 'tsc'), '-p', folder])
    t.is(code, 0, output)
  })

  for (const block of programs) {
    test(`${path}: the block at line ${block.line} runs`, async (t) => {
      const { code, output, stdout } = await runNode([`${folder}${nameOf(block)}.js`])
      t.is(code, 0, output)
      const said = [...block.code.matchAll(/^console\.log\(.*\) \/\/ (.+)$/gm)].map(([, printed]) => `${printed}\n`)
      if (said.length > 0) t.is(stdout, said.join(''))
    })
  }
}

/** The name of the file that a block becomes. */
export function nameOf({ file, line }: CodeBlock): string {
  return file?.replace(/\.ts$/, '') ?? `line-${line}`
}

/** A new folder for the files of a document. */
export function folderFor(name: string): string {
  return `${root}build/${name}/`
}
