import { ThreadWorker } from 'poolifier'
import { functions } from '../../build/bench/work.js'

export default new ThreadWorker(functions)
