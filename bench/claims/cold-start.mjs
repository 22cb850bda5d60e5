// From an empty process to the first result.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { stacked } from '../charts.mjs'
import { contenders, files, rotated } from '../contenders.mjs'
import { others } from '../others.mjs'
import { median } from '../timing.mjs'

export const title = 'Cold start'

const program = fileURLToPath(new URL('../cold.mjs', import.meta.url))

export function measure(quick) {
  const runs = quick ? 1 : 11
  const rows = files.map((file) => ({ file, name: contenders[file].name, imports: [], firsts: [] }))
  for (let run = 0; run < runs; run++) {
    for (const { file, imports, firsts } of rotated(rows, run)) {
      const times = JSON.parse(execFileSync(process.execPath, [program, file], { encoding: 'utf8' }))
      imports.push(times.imported)
      firsts.push(times.first)
    }
  }
  return { runs, rows }
}

export function show({ runs, rows }) {
  const times = rows.map(({ file, name, imports, firsts }) => ({
    file,
    name,
    values: [median(imports), median(firsts)],
  }))
  const said = (ms) => `${ms.toFixed(0)} ms`
  const [imported, first] = times[0].values
  const firstBlocking = times[1].values[1]
  const column = (at) => times.map(({ file, name, values }) => ({ file, name, value: values[at] }))
  return {
    note: `In a fresh process: importing the library; then, from there on, starting its workers until the first result is there. Medians of ${runs}.`,
    rows: times.map(({ name, values }) => ({
      what: name,
      'import ms': values[0].toFixed(1),
      'first result ms': values[1].toFixed(1),
    })),
    chart: stacked({
      title: 'Cold start: from an empty process to the first result',
      unit: 'ms, less is better; pale: importing the library, full: starting workers until the first result',
      parts: ['import', 'first result'],
      rows: times,
    }),
    figures: [
      {
        what: 'first result after import, cold',
        budget: '≤ 80 ms',
        figure: `${said(first)} async, ${said(firstBlocking)} blocking`,
        isMet: first <= 80 && firstBlocking <= 80,
        peers: others(column(1), said),
      },
      {
        what: 'import',
        budget: '≤ 30 ms',
        figure: said(imported),
        isMet: imported <= 30,
        peers: others(column(0), said),
      },
    ],
  }
}
