import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { problem } from './log.mjs'
import { slug } from './slug.mjs'

/**
 * Looks at the pages as they were built: every internal link leads to a page, and its anchor to a place on it; every image is
 * there; nothing is loaded from elsewhere; and the reference has a heading for every public name.
 */
export function checkSite(dist, names) {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).map((file) => file.replaceAll('\\', '/'))
  const pages = new Map(
    files.filter((file) => file.endsWith('.html')).map((file) => [file, readFileSync(join(dist, file), 'utf8')]),
  )
  const ids = new Map([...pages].map(([file, html]) => [file, new Set(attributes(html, 'id'))]))
  let links = 0
  for (const [page, html] of pages) {
    for (const link of attributes(html, 'href')) {
      if (/^(https?|mailto|data):/.test(link)) continue
      links++
      const { pathname, hash } = new URL(link, `site:/${page}`)
      const file = decodeURIComponent(pathname).slice(1)
      const target = file === '' || file.endsWith('/') ? `${file}index.html` : file
      const isPage = pages.has(target) ? target : `${target}.html`
      if (!pages.has(isPage) && !existsSync(join(dist, target))) problem(`${page}: ${link} leads nowhere`)
      else if (hash !== '' && !ids.get(isPage)?.has(decodeURIComponent(hash.slice(1))))
        problem(`${page}: ${link} has no such place`)
    }
    for (const source of attributes(html, 'src')) {
      if (/^data:/.test(source)) continue
      if (/^(https?:)?\/\//.test(source)) problem(`${page} loads ${source} from elsewhere`)
      else if (!existsSync(join(dist, source.startsWith('/') ? source : join(dirname(page), source))))
        problem(`${page}: ${source} is not there`)
    }
  }
  for (const { name, from } of names)
    if (!files.some((file) => isPageOf(file, name, from)) && !ids.get(`api/${from}/index.html`)?.has(slug(name)))
      problem(`the reference says nothing of ${name} of ${from}`)
  return { built: pages.size, links }
}

function isPageOf(file, name, from) {
  return (
    file.startsWith(`api/${from}/`) && /^[a-z-]+\/(.*)\.html$/.exec(file.slice(`api/${from}/`.length))?.[1] === name
  )
}

function attributes(html, name) {
  return [...html.matchAll(new RegExp(`<[a-zA-Z][^>]*?\\s${name}="([^"]*)"`, 'g'))].map(([, value]) =>
    value.replaceAll('&amp;', '&'),
  )
}
