import Fastify, { type FastifyInstance } from 'fastify'
import { Primes } from './primes.js'

/** A server that counts primes on every core, and meanwhile answers whoever asks. */
export function makeServer(): FastifyInstance {
  const server = Fastify()

  server.get('/health', async () => ({ ok: true }))

  // A job for each request: what one does is no business of the others. All share one pool of workers.
  server.get<{ Params: { limit: number } }>(
    '/primes/:limit',
    {
      schema: {
        params: { type: 'object', properties: { limit: { type: 'integer', minimum: 1, maximum: 10_000_000 } } },
      },
    },
    async (request) => {
      const counts = await new Primes().below(request.params.limit)
      return { primes: [...counts.values()].reduce((sum, count) => sum + count, 0) }
    },
  )
  return server
}
