// Builds the site of the project into site/dist: docs/, whatever of the repository they link to, and the API reference out of
// the doc comments of src. A warning, a dead link or a public name without a page ends it with code 1. Needs no network.

import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vitepress'
import { checkSite } from './check.mjs'
import { gather } from './gather.mjs'
import { problem } from './log.mjs'
import { writeReference } from './reference.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const root = here('../')
const pages = here('pages/')
const dist = here('dist/')

for (const folder of [pages, dist]) rmSync(folder, { recursive: true, force: true })

const gathered = gather(root, pages)
const names = await writeReference(root, `${pages}api/`)
await build(here('.')).catch((error) => problem(error.message))
if (process.exitCode === undefined) {
  const { links, built } = checkSite(dist, names)
  console.log(
    `site/dist: ${built} pages, of them ${gathered} of docs and files; ${names.length} public names; ${links} links`,
  )
}
