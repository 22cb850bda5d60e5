import { fork } from 'node:child_process'
import { once } from 'node:events'

/** Starts so many hosts of a kind, which serve a queue: how much processor time they have used, in ms. */
export async function startHosts(kind, count, options) {
  const children = Array.from({ length: count }, () => fork(new URL(`${kind}.mjs`, import.meta.url)))
  const ask = (message) =>
    Promise.all(
      children.map(async (child) => {
        child.send(message)
        const [answer] = await once(child, 'message')
        return answer
      }),
    )
  await ask(options)
  return {
    usage: async () => (await ask('usage')).reduce((sum, used) => sum + used, 0),
    close: () => {
      for (const child of children) child.disconnect()
    },
  }
}
