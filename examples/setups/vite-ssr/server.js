import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { render } from './dist/server/entry-server.js'

const page = readFileSync(new URL('dist/client/index.html', import.meta.url), 'utf8')

/** A server of pages that are rendered when they are asked for. */
export function makeServer() {
  return createServer(async ({ url }, response) => {
    const html = await render(url)
    response.setHeader('content-type', 'text/html').end(page.replace('<!--app-->', () => html))
  })
}
