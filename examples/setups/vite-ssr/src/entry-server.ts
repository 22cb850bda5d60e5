import { threadId } from 'node:worker_threads'
import { Primes } from './primes.js'

/** The inside of a page: how many primes there are below the number that the path says, counted on every core. */
export async function render(path: string): Promise<string> {
  const limit = Number(path.slice(1))
  const counts = await new Primes().below(limit)
  const place = await new Primes().place()
  const isElsewhere = place !== `${process.pid} ${threadId}`
  const sum = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return `<p>${sum} primes below ${limit}, counted ${isElsewhere ? 'by workers' : 'in this thread'}</p>`
}
