import assert from 'node:assert/strict'
import test from 'node:test'
import { makeServer } from './server.js'

test('requests are answered beside each other, with the right numbers', async (t) => {
  const server = makeServer()
  t.after(() => server.close())
  const address = await server.listen({ port: 0, host: '127.0.0.1' })
  const get = async (path: string) => (await fetch(`${address}${path}`)).json()
  const answers = await Promise.all([get('/primes/300000'), get('/primes/10000'), get('/health')])
  assert.deepEqual(answers, [{ primes: 25_997 }, { primes: 1229 }, { ok: true }])
})

test('a limit that makes no sense is refused', async (t) => {
  const server = makeServer()
  t.after(() => server.close())
  const { statusCode } = await server.inject('/primes/many')
  assert.equal(statusCode, 400)
})
