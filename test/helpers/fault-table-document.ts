import {
  type ExecutorName,
  FAULTS,
  type Fault,
  IMPORT_FAULTS,
  type ImportFault,
  type Outcome,
} from '../fixtures/fault-table.js'

const EXECUTORS: readonly ExecutorName[] = ['threads', 'processes']

/** The table of faults as the docs show it, made of what the tests ask for. */
export function faultTableDocument(): string {
  const rows = [
    ...FAULTS.map((fault) => [fault.cause, placesOf(fault), ...outcomesOf(fault)]),
    ...IMPORT_FAULTS.map((fault) => [fault.cause, 'the module of a class', ...outcomesOf(fault)]),
  ]
  return table([['what happens', 'in', ...EXECUTORS.map((name) => `\`${name}()\``)], ...rows])
}

function placesOf({ positions, styles }: Fault): string {
  const where = positions.filter((position) => position !== 'between').join(' or ')
  const which = styles.every((style) => style.endsWith('async')) ? 'async call' : 'call'
  return `the ${where} ${which} of a batch${positions.includes('between') ? ', or after it' : ''}`
}

function outcomesOf({ outcomes, whileBlocked = {} }: Fault | ImportFault): string[] {
  return EXECUTORS.map((name) => {
    const [usual, blocked] = [outcomes[name], whileBlocked[name]]
    if (usual === undefined) return 'not asked for'
    return `${said(usual)}${blocked === undefined ? '' : `; while blocked ${said(blocked)}`}`
  })
}

function said({ error, has = {}, cause }: Outcome): string {
  if (error === 'value') return 'the very value'
  if (error === 'none') return 'nothing'
  const details = ['exitCode', 'signal'].filter((key) => has[key] !== undefined).map((key) => `\`${key}\` ${has[key]}`)
  if (cause !== undefined) details.push(`\`cause\` ${cause[0] === 'Error' ? cause[1] : cause[0]}`)
  return `\`${error}\`${details.length === 0 ? '' : ` (${details.join(', ')})`}`
}

// Columns are as wide as their widest cell, as the formatter has them.
function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((cells) => cells[i]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  const [head, ...body] = lines
  return [line(head!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n')
}
