import { readFileSync } from 'node:fs'

/**
 * The sidebars: the sections of the page that the site begins with, which is docs/README.md, and beside the API reference its own.
 * test/docs.ts sees to it that the page names all others.
 */
export function sidebars(pages) {
  const groups = []
  for (const line of readFileSync(`${pages}index.md`, 'utf8').split('\n')) {
    const [, section] = /^## (.+)$/.exec(line) ?? []
    const [, text, link] = /^- \[([^\]]+)\]\(\.\/([^)]+)\.md\)/.exec(line) ?? []
    if (section !== undefined) groups.push({ text: section, items: [] })
    else if (text !== undefined) groups.at(-1).items.push({ text, link: `/${link}` })
  }
  const reference = JSON.parse(readFileSync(`${pages}api/typedoc-sidebar.json`, 'utf8'))
  return { '/': groups, '/api/': reference }
}
