import assert from 'node:assert/strict'
import { once } from 'node:events'
import test from 'node:test'
import { makeServer } from './server.js'

test('a page is rendered with what workers have counted', async (t) => {
  const server = makeServer().listen(0, '127.0.0.1')
  t.after(() => server.close().closeAllConnections())
  await once(server, 'listening')
  const answer = await fetch(`http://127.0.0.1:${server.address().port}/10000`)
  const html = await answer.text()
  assert.match(html, /<main><p>1229 primes below 10000, counted by workers<\/p><\/main>/)
  assert.match(html, /<script type="module"[^>]* src="\/assets\/[\w-]+\.js"/)
})
