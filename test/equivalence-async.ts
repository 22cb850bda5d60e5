import { endInAnyOrder } from './helpers/equivalence-in-any-order.js'

endInAnyOrder('async')
