import { parentPort } from 'node:worker_threads'
import { functions } from '../../build/bench/work.js'

parentPort.on('message', ({ id, method, argument }) =>
  parentPort.postMessage({ id, result: functions[method](argument) }),
)
