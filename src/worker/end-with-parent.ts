import { Worker } from 'node:worker_threads'

/**
 * Sees to it that this process ends with the one that started it, however that ends and whatever this one is doing then: a
 * method in an endless loop hears of nothing. A thread of its own waits for the end of standard input, which is a pipe that
 * the operating system closes.
 */
export function endWithParent(): void {
  const watch = new Worker(WATCH, {
    eval: true,
    execArgv: [],
    env: {},
    stdin: true,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  })
  watch.unref()
  // Without it, a process that is not busy still hears that its bridge is gone.
  watch.on('error', () => {})
  process.once('disconnect', () => process.exit())
}

const WATCH = `
const { Socket } = require('node:net')
new Socket({ fd: 0 }).on('error', () => {}).on('close', () => process.kill(process.pid, 'SIGKILL')).resume()
`
