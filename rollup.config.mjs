import { readdir, readFile } from 'node:fs/promises'

const compiled = 'build/src'

// One output file a source file: a worker entry and the library it shares with the user's modules must stay the same
// module instances, and `new URL('../worker/thread.js', import.meta.url)` must keep meaning what it says.
export default {
  input: [`${compiled}/index.js`, `${compiled}/worker/thread.js`],
  external: [/^node:/, 'tinypool', /^reflect-metadata/],
  output: { dir: 'dist', format: 'es', preserveModules: true, preserveModulesRoot: compiled, sourcemap: true },
  plugins: [sourceMaps(), declarations()],
}

// tsc's source maps, handed on so that a stack names the TypeScript line.
function sourceMaps() {
  return {
    name: 'source-maps',
    async load(id) {
      const [code, map] = await Promise.all([readFile(id, 'utf8'), readFile(`${id}.map`, 'utf8')])
      return { code, map }
    },
  }
}

// tsc's declarations, as they are: the files lie beside each other in dist as they do in src.
function declarations() {
  return {
    name: 'declarations',
    async generateBundle() {
      const files = await readdir(compiled, { recursive: true })
      for (const fileName of files.filter((file) => file.endsWith('.d.ts'))) {
        this.emitFile({ type: 'asset', fileName, source: await readFile(`${compiled}/${fileName}`) })
      }
    },
  }
}
