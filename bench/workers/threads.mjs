import { expose } from 'threads/worker'
import { functions } from '../../build/bench/work.js'

expose(functions)
