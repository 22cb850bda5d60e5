import test from 'ava'
import { read } from './helpers/project.js'

const { c8 } = JSON.parse(read('package.json')) as { c8: { exclude: string[] } }

for (const file of c8.exclude) {
  test(`${file}, which coverage leaves out, has nothing but types`, (t) => {
    const code = read(`build/${file.replace(/ts$/, 'js')}`).replace(/^\/\/.*$/gm, '')
    t.is(code.trim(), 'export {};')
  })
}
