import { readFile } from 'node:fs/promises'

// One output file a source file: a worker entry and the library it shares with the user's modules must stay the same
// module instances, and `new URL('../worker/thread.js', import.meta.url)` must keep meaning what it says.
export default {
  input: ['build/src/index.js', 'build/src/worker/thread.js'],
  external: [/^node:/, 'tinypool', /^reflect-metadata/],
  output: { dir: 'dist', format: 'es', preserveModules: true, preserveModulesRoot: 'build/src', sourcemap: true },
  plugins: [sourceMaps()],
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
