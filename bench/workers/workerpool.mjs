import workerpool from 'workerpool'
import { functions } from '../../build/bench/work.js'

workerpool.worker(functions)
