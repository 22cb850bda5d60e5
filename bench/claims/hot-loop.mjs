// A hot loop over an argument that the method only reads: its speed in the method over its speed outside.

import { scan } from '../../build/bench/work.js'
import { shared } from '../../dist/index.js'
import { rotated, startAll } from '../contenders.mjs'
import { median } from '../timing.mjs'

export const title = 'A hot loop over an argument'

export async function measure(quick) {
  const runs = quick ? 2 : 15
  const warmUps = quick ? 1 : 8
  const numbers = Array.from({ length: 100_000 }, (_, i) => i + 0.5)
  const started = await startAll()
  const rows = started.flatMap((contender) => {
    const { file, name } = contender
    const array = { name, contender, argument: numbers, ratios: [] }
    const typed = { name: `${name}, Float64Array`, contender, argument: Float64Array.from(numbers), ratios: [] }
    if (!file.startsWith('deco-ts')) return [array, typed]
    return [
      array,
      typed,
      { name: `${name}, shared()`, contender, argument: shared([...numbers]), ratios: [] },
      { name: `${name}, shared(Float64Array)`, contender, argument: shared(Float64Array.from(numbers)), ratios: [] },
    ]
  })
  const outside = { array: [], typed: [] }
  const typedNumbers = Float64Array.from(numbers)
  for (let run = -warmUps; run < runs; run++) {
    for (const { contender, argument, ratios } of rotated(rows, run + warmUps)) {
      // One call at a time, so that the loop has the processor to itself.
      const isTyped = ArrayBuffer.isView(argument)
      const alone = scan(isTyped ? typedNumbers : numbers)
      const [inside] = await contender.each('scan', [argument])
      if (run < 0) continue
      ratios.push(alone / inside)
      outside[isTyped ? 'typed' : 'array'].push(alone)
    }
  }
  return { runs, outside, rows: rows.map(({ name, ratios }) => ({ name, ratios })) }
}

export function show({ runs, outside, rows }) {
  const own = median(rows.find(({ name }) => name === 'deco-ts').ratios)
  return {
    note: `5,000,000 reads of an array of 100,000 numbers, one call at a time: time outside over time in the method, after warm-up. Medians of ${runs}; outside: ${median(outside.array).toFixed(1)} ms, as a Float64Array ${median(outside.typed).toFixed(1)} ms.`,
    rows: rows.map(({ name, ratios }) => ({ what: name, 'speed in the method': median(ratios).toFixed(2) })),
    figures: [
      {
        what: 'hot loop over an argument the method only reads, after warm-up: speed over its speed without deco-ts',
        budget: '≥ 0.9',
        figure: own.toFixed(2),
        isMet: own >= 0.9,
      },
    ],
  }
}
