// What was measured, as Markdown: a file a claim, and the figures that the README shows.

export function claimMarkdown({ name, title, machine, note, rows, more = [], chart }) {
  const parts = [`## ${title}`, note, table(rows)]
  for (const { note, rows } of more) parts.push(note, table(rows))
  if (chart) parts.push(`![${chart.title}](${name}.svg)`)
  parts.push(machine)
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`
}

/** Budgets first, then what has none, then the charts. */
export function readmeBlock(claims) {
  const figures = claims.flatMap(({ figures }) => figures)
  const budgets = figures
    .filter(({ budget }) => budget !== undefined)
    .map(({ what, budget, figure, isMet, peers }) => ({
      what,
      budget,
      'deco-ts': isMet ? figure : `${figure} (missed)`,
      'others, in the same run': peers ?? '',
    }))
  const others = figures.filter(({ budget }) => budget === undefined).map(({ what, figure }) => ({ what, figure }))
  const charts = claims.filter(({ chart }) => chart)
  const machines = [...new Set(claims.map(({ machine }) => machine))]
  return [
    `Measured with ${machines.join('; ')}.`,
    table(budgets),
    ...(others.length > 0 ? [table(others)] : []),
    ...charts.map(({ name, chart }) => `![${chart.title}](bench/results/${name}.svg)`),
    '',
  ].join('\n\n')
}

const opening = '<!-- bench: written by `npm run bench` -->\n\n'
const closing = '<!-- /bench -->'

/** The text with what stands between the marks replaced. */
export function replaceBlock(text, block) {
  const start = text.indexOf(opening)
  const end = text.indexOf(closing)
  if (start === -1 || end === -1) throw new Error('Cannot write the figures: the README has no marks for them.')
  return text.slice(0, start + opening.length) + block + text.slice(end)
}

// Columns are as wide as their widest cell: the README is formatted like this, and must stay as it was written here.
function table(rows) {
  const columns = Object.keys(rows[0])
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))]
  const widths = columns.map((_, i) => Math.max(3, ...lines.map((cells) => cells[i].length)))
  const line = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`
  const [head, ...body] = lines
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('\n')
}
