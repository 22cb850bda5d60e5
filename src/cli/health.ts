import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'

/** How a worker is. */
export interface Health {
  /** `disconnected`: Redis has not been heard of for so long that others take this host for dead. */
  readonly status: 'starting' | 'ok' | 'disconnected' | 'leaving'
  /** What else it has to say. */
  readonly [detail: string]: unknown
}

/**
 * Answers `GET /health`, which is well unless nothing can be run here, and `GET /ready`: whether it takes batches.
 * @throws {Error} if the address cannot be used
 */
export async function serveHealth(at: { host: string; port: number }, look: () => Health): Promise<Server> {
  const server = createServer(({ method, url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    if (method !== 'GET' && method !== 'HEAD') return say(response, 405, { error: 'only GET' })
    const health = look()
    if (pathname === '/health') return say(response, isOneOf(health, 'ok', 'leaving') ? 200 : 503, health)
    if (pathname === '/ready') return say(response, isOneOf(health, 'ok') ? 200 : 503, health)
    return say(response, 404, { error: 'there are /health and /ready' })
  })
  // Whoever asks slowly, or nothing, is not waited for.
  server.requestTimeout = server.headersTimeout = 5000
  server.listen(at.port, at.host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    const { message } = cause as Error
    throw new Error(
      `Cannot answer at --health ${at.host}:${at.port}: ${message}. Way out: another port, or 0 for any.`,
      {
        cause,
      },
    )
  }
  return server
}

function isOneOf({ status }: Health, ...good: readonly Health['status'][]): boolean {
  return good.includes(status)
}

function say(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(`${JSON.stringify(content)}\n`)
}
