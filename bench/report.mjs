// What a bench prints: a table in Markdown, and the machine on which it was made.

import { availableParallelism, cpus } from 'node:os'

export function report(title, rows, note) {
  const columns = Object.keys(rows[0])
  console.log(`## ${title}\n\n${note}\n`)
  console.log(`| ${columns.join(' | ')} |`)
  console.log(`| ${columns.map(() => '---').join(' | ')} |`)
  for (const row of rows) console.log(`| ${columns.map((column) => row[column]).join(' | ')} |`)
  console.log(`\nNode.js ${process.versions.node}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}`)
}

/** The value below which the given share of all lies. */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]
}

export function median(values) {
  return quantile(values, 0.5)
}
