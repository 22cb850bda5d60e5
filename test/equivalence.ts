// Programs of plain methods, which block; those of async ones are in equivalence-async.ts.

import { endInAnyOrder } from './helpers/equivalence-in-any-order.js'

endInAnyOrder('blocking')
