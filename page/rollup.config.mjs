// The timeline page in one file: template, style, uPlot and the page's own code. The data is put in where a page is written.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const { resolve } = createRequire(import.meta.url)
const uplot = dirname(resolve('uplot'))
const read = (file) => readFile(file, 'utf8')
const here = (file) => read(fileURLToPath(new URL(file, import.meta.url)))

export default {
  input: 'build/page/main.js',
  external: ['uplot'],
  output: {
    // Beside the compiled sources, for tests, and in the package.
    dir: 'dist/trace',
    format: 'iife',
    globals: { uplot: 'uPlot' },
    interop: 'defaultOnly',
  },
  plugins: [page()],
}

function page() {
  return {
    name: 'page',
    async generateBundle(_, bundle) {
      const { code } = bundle['main.js']
      delete bundle['main.js']
      const parts = {
        style: `${await read(`${uplot}/uPlot.min.css`)}\n${await here('style.css')}`,
        license: await read(`${uplot}/../LICENSE`),
        uplot: await read(`${uplot}/uPlot.iife.min.js`),
        script: code.replace(/\n\/\/# sourceMappingURL=.*/, ''),
      }
      const source = (await here('page.html')).replace(
        /\/\* \{\{(\w+)\}\} \*\/|\{\{(license)\}\}/g,
        (_, name, plain) => parts[name ?? plain],
      )
      this.emitFile({ type: 'asset', fileName: 'timeline.html', source })
      await mkdir('build/src/trace', { recursive: true })
      await writeFile('build/src/trace/timeline.html', source)
    },
  }
}
