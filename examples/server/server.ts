import { createServer } from 'node:http'
import { Mandelbrot } from './mandelbrot.js'

export const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  if (pathname === '/ping') return response.end('pong')
  if (pathname !== '/work') return response.writeHead(404).end()
  const inside = await new Mandelbrot().count(Number(searchParams.get('size')))
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ inside }))
})
