// A process in which a worker thread imports a module: it can be ended, whatever the thread does and has started.

import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { endProcesses, StartedProcesses } from './end-processes.js'
import { type ProbeTask, plainError, type Told } from './probed.js'

const { port1: port, port2 } = new MessageChannel()
const task: ProbeTask = { url: process.argv[2]!, port: port2 }
const worker = new Worker(new URL('probe-thread.js', import.meta.url), { workerData: task, transferList: [port2] })
const started = new StartedProcesses()

port.on('message', handOn)
worker.once('error', (error) => handOn({ uncaught: plainError(error) }))
worker.once('exit', (exitCode) => {
  // What the thread has said before may not have been heard yet.
  for (let last = receiveMessageOnPort(port); last !== undefined; last = receiveMessageOnPort(port))
    handOn(last.message)
  handOn({ exitCode })
})
// Nobody waits for it any more.
process.once('disconnect', () => endProcesses([...started.pids, process.pid]))

function handOn(told: Told): void {
  if ('child' in told) started.note(told)
  process.send!(told)
}
