// A hot loop over an argument that the method only reads: its speed in the method over its speed outside.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { contenders, files } from '../contenders.mjs'
import { median } from '../timing.mjs'

export const title = 'A hot loop over an argument'

const program = fileURLToPath(new URL('../hot.mjs', import.meta.url))
const kinds = ['array', 'Float64Array', 'shared array', 'shared Float64Array']

export function measure(quick) {
  const [runs, warmUps] = quick ? [2, 1] : [15, 10]
  const inFreshProcess = (kind) => {
    const output = execFileSync(process.execPath, [program, kind, runs, warmUps], { encoding: 'utf8' })
    return JSON.parse(output)
  }
  return { runs, kinds: kinds.map(inFreshProcess) }
}

export function show({ runs, kinds }) {
  const said = (kind, wanted) => {
    const row = kind.rows.find(({ name }) => name === wanted)
    return row === undefined ? '' : median(row.ratios).toFixed(2)
  }
  const own = ['deco-ts', 'deco-ts, blocking'].map((name) => said(kinds[0], name))
  const alone = kinds.slice(0, 2).map(({ kind, alone }) => `${kind} ${median(alone).toFixed(1)} ms`)
  return {
    note: `5,000,000 reads of an array of 100,000 numbers, one call at a time: time outside over time in the method, after warm-up; each kind of array in a fresh process. Medians of ${runs}. Outside: ${alone.join(', ')}.`,
    rows: files.map((file) => {
      const { name } = contenders[file]
      return { what: name, ...Object.fromEntries(kinds.map((kind) => [kind.kind, said(kind, name)])) }
    }),
    figures: [
      {
        what: 'hot loop over an argument the method only reads, after warm-up: speed over its speed without deco-ts',
        budget: '≥ 0.9',
        figure: `${own[0]} async, ${own[1]} blocking`,
        isMet: own.every((ratio) => Number(ratio) >= 0.9),
      },
    ],
  }
}
