import { parentPort } from 'node:worker_threads'
import { expose } from 'comlink'
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs'
import { functions } from '../../build/bench/work.js'

expose(functions, nodeEndpoint(parentPort))
