import { parentPort } from 'node:worker_threads'
import { batch } from '../../build/bench/work.js'

parentPort.on('message', ({ at, method, list }) => parentPort.postMessage({ at, batch: batch({ method, list }) }))
