// A Redis server for a bench, on a free port of this machine.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { Redis } from 'ioredis'

/** Starts one: how to reach it, and how much processor time it has used, in ms. */
export async function startRedis() {
  const port = await freePort()
  const own = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', own, { stdio: ['ignore', 'pipe', 'inherit'] })
  const missing = once(server, 'error').then(() => {
    throw new Error('Cannot measure a cluster: there is no redis-server. Way out: apt-get install redis-server.')
  })
  missing.catch(() => {})
  await Promise.race([until(server, 'Ready to accept connections'), missing])
  process.once('exit', () => server.kill('SIGKILL'))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
  const client = new Redis(port)
  return {
    connection: { host: '127.0.0.1', port },
    usage: async () => {
      const info = await client.info('cpu')
      const seconds = ['user', 'sys'].map((kind) => Number(new RegExp(`used_cpu_${kind}:([0-9.]+)`).exec(info)[1]))
      return 1000 * (seconds[0] + seconds[1])
    },
    close: () => {
      client.disconnect()
      server.kill('SIGKILL')
    },
  }
}

async function until(server, said) {
  for await (const line of createInterface(server.stdout)) if (line.includes(said)) break
  server.stdout.resume()
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}
