import { fileURLToPath } from 'node:url'
import { log } from '../log.mjs'
import { sidebars } from '../navigation.mjs'
import { slug } from '../slug.mjs'

const pages = fileURLToPath(new URL('../pages/', import.meta.url))

const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="none" stroke="#5672cd" stroke-width="2"><path d="M2 3h12M2 8h12M2 13h12"/></svg>'

export default {
  title: 'deco-ts',
  description: 'Class-based TypeScript on every core, with two decorators and serial results',
  lang: 'en',
  head: [['link', { rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}` }]],
  srcDir: 'pages',
  outDir: 'dist',
  cacheDir: '.vitepress/cache',
  markdown: {
    anchor: { slugify: slug },
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  themeConfig: {
    nav: [
      { text: 'Start', link: '/start' },
      { text: 'Recipes', link: '/recipes' },
      { text: 'API', link: '/api/' },
      { text: 'Changelog', link: '/repository/CHANGELOG' },
    ],
    sidebar: sidebars(pages),
    outline: { level: [2, 3] },
    search: { provider: 'local' },
    docFooter: { prev: false, next: false },
  },
  vite: {
    customLogger: log,
    // The index of the search is one file, and is loaded when somebody searches.
    build: { chunkSizeWarningLimit: 4000 },
  },
}
