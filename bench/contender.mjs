// A process of its own for one who is compared: what others leave behind in a heap, or teach the JIT, is not its business. It
// runs the lists that it is sent, one at a time, and says what they took: see `startAll` in contenders.mjs.

import { functions } from '../build/bench/work.js'
import { shared } from '../dist/index.js'
import { start } from './contenders.mjs'
import { check, timed } from './timing.mjs'

const [, , file] = process.argv
const contender = await start(file)

const kept = new Map()

process.on('message', async ({ method, list, expected, isSerial, isShared, kept: name, calls = list?.length }) => {
  if (name !== undefined && !kept.has(name)) kept.set(name, { list: isShared ? sharedIn(list) : list, expected })
  const task = kept.get(name) ?? { list, expected }
  const given = task.list.slice(0, calls)
  const serial = isSerial ? await timed(() => given.map(functions[method])) : undefined
  // While others had their turn, processors and caches went cold: waking them is not what calls cost.
  await contender.each(method, given.slice(0, Math.ceil(given.length / 8)))
  let first
  const { ms, result } = await timed(() => {
    const start = performance.now()
    return contender.each(method, given, () => {
      first ??= performance.now() - start
    })
  })
  // A wrong result ends the process, and with it the bench.
  check(contender.name, [...result], serial?.result ?? task.expected.slice(0, calls))
  process.send({ ms, first, serial: serial?.ms })
})
process.on('disconnect', () => process.exit())
process.send('ready')

// One and the same array in every place stays one.
function sharedIn(list) {
  const known = new Map()
  return list.map((array) => known.get(array) ?? known.set(array, shared(array)).get(array))
}
