// What a million pending calls hold.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bars } from '../charts.mjs'
import { contenders, files } from '../contenders.mjs'
import { others } from '../others.mjs'

export const title = 'Memory of pending calls'

const program = fileURLToPath(new URL('../pending.mjs', import.meta.url))

export function measure(quick) {
  const calls = quick ? 10_000 : 1_000_000
  // Nothing can be read while a method blocks, and the queue of `threads` would take hours.
  const rows = files
    .filter((file) => !['deco-ts-blocking', 'threads'].includes(file))
    .map((file) => ({ file, name: contenders[file].name, ...inFreshProcess('hold', file, calls) }))
  const passed = inFreshProcess('pass', 'deco-ts', 10 * calls)
  return { calls, rows, passed }
}

function inFreshProcess(...args) {
  const output = execFileSync(process.execPath, ['--expose-gc', '--max-old-space-size=16384', program, ...args], {
    encoding: 'utf8',
    timeout: 300_000,
  })
  return JSON.parse(output)
}

export function show({ calls, rows, passed }) {
  const mb = (bytes) => Math.round(bytes / 1e6)
  const values = rows.map(({ file, name, rss }) => ({ file, name, value: mb(rss) }))
  const own = values[0].value
  const figures = [
    {
      what: 'a million pending calls',
      budget: '≤ 350 MB',
      figure: `${own} MB`,
      isMet: own <= 350,
      peers: others(values, (value) => `${value} MB`),
    },
    {
      what: 'ten million calls in a row, with `maxPending: 10_000`',
      figure: `${mb(passed.rss)} MB at most, ${(passed.ms / 1000).toFixed(1)} s`,
    },
  ]
  return {
    note: `${calls.toLocaleString('en')} calls that are made while every worker is busy, in a fresh process each: by how much its resident memory and, after a collection, its heap have grown. A program with batches by hand holds nothing but its list. \`threads\` is missing: its queue takes time quadratic in its length.`,
    rows: rows.map(({ name, rss, heap, ms }) => ({
      what: name,
      'resident MB': mb(rss),
      'heap MB': mb(heap),
      'made in s': (ms / 1000).toFixed(1),
    })),
    chart: bars({
      title: 'Memory of a million pending calls',
      unit: 'MB of resident memory, less is better',
      rows: values,
      digits: 0,
    }),
    figures,
  }
}
