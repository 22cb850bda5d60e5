// The pages that are written by hand: docs/, and every file of the repository that one of them links to, as a page of its own.
// So no link leaves the site, which has no address to link to.

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path/posix'

const INDEX = 'docs/README.md'
const IMAGES = ['.svg', '.png', '.jpg', '.webp']

/** Writes the pages, and gives their number. */
export function gather(root, pages) {
  const documents = readdirSync(`${root}docs`).filter((name) => name.endsWith('.md'))
  const files = new Set(documents.map((name) => `docs/${name}`))
  // Grows while it is gone through.
  for (const file of files) {
    const target = join(pages, placeOf(file))
    mkdirSync(dirname(target), { recursive: true })
    if (IMAGES.includes(extname(file))) copyFileSync(join(root, file), target)
    else
      writeFileSync(
        target,
        pageOf(root, file, (linked) => files.add(linked)),
      )
  }
  writeFileSync(`${pages}pictures.css`, pictures.join('\n'))
  return files.size
}

/** Where the page of a file stands among all pages. */
function placeOf(file) {
  if (file === INDEX) return 'index.md'
  if (file === 'README.md') return 'overview.md'
  const [, name] = /^docs\/([^/]+\.md)$/.exec(file) ?? []
  if (name !== undefined) return name
  return `repository/${file}${['.md', ...IMAGES].includes(extname(file)) ? '' : '.md'}`
}

function pageOf(root, file, found) {
  const text = readFileSync(join(root, file), 'utf8')
  if (extname(file) !== '.md') return asCode(file, text)
  const page = outsideOfCode(text, (prose) => rewriteLinks(root, file, prose, found))
  if (file === INDEX) return `${page}\n## API\n\n- [Reference](./api/index.md): every public name of every import\n`
  return file.startsWith('docs/') || file === 'README.md' ? page : `---\nsearch: false\n---\n\n${page}`
}

function asCode(file, code) {
  const head = `---\ntitle: ${file}\nsearch: false\naside: false\n---\n\n# ${file}\n`
  return `${head}\n\`\`\`\`\`\`txt\n${code.trimEnd()}\n\`\`\`\`\`\`\n`
}

function rewriteLinks(root, from, prose, found) {
  return prose
    .replace(
      /^!\[([^\]]*)\]\(([^)]+\.svg)\)$/gm,
      (image, title, path) => inline(root, join(dirname(from), path), title) ?? image,
    )
    .replace(/\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]+)?\)/g, (_, path, anchor = '') => {
      const linked = join(dirname(from), path)
      if (!existsSync(join(root, linked)) || statSync(join(root, linked)).isDirectory())
        throw new Error(`Cannot link from ${from} to ${path}: it is no file.`)
      found(linked)
      const to = relative(dirname(placeOf(from)), placeOf(linked))
      return `](${to.startsWith('.') ? to : `./${to}`}${anchor})`
    })
}

const pictures = []

// A drawing that has its own colours for light and dark takes those of the page when it is part of it.
function inline(root, file, title) {
  const svg = readFileSync(join(root, file), 'utf8')
  const [element, style] = /<style>([\s\S]*?)<\/style>/.exec(svg) ?? []
  if (style === undefined || !style.includes('prefers-color-scheme')) return undefined
  pictures.push(style.replace(/@media \(prefers-color-scheme: dark\) \{\s*([\s\S]*?\})\s*\}/, '.dark $1'))
  const drawing = svg.replace(element, '').replace(/\n\s*/g, '')
  return `<figure class="drawing" v-pre aria-label="${title}">${drawing}</figure>`
}

/** Changes a Markdown text but for its code. */
function outsideOfCode(text, change) {
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join('')
}
