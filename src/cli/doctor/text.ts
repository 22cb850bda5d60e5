import { styleText } from 'node:util'
import type { Finding } from './finding.js'
import type { FoundMethod } from './probed.js'
import type { DoctorReport, ModuleReport } from './report.js'

/** How a report is laid out. */
export interface TextOptions {
  readonly colours?: boolean
  /** Longer lines are broken. Default: 100. */
  readonly columns?: number
}

type Style = Parameters<typeof styleText>[0]

/** A report for people. */
export function textOf(report: DoctorReport, { colours = false, columns = 100 }: TextOptions = {}): string {
  const paint = (style: Style, text: string) => (colours ? styleText(style, text, { validateStream: false }) : text)
  const { deco, node, platform, project, modules, cost, findings } = report
  const parts = [
    `${paint('bold', 'deco doctor')}  deco-ts ${deco ?? 'not installed'}, Node.js ${node}, ${platform}\n${project}`,
    ...modules.map((module) => moduleText(module, paint)),
    ...(cost === null
      ? []
      : [
          `${cost.executor}  ${cost.coldStart} ms from the start of a worker to its first result, ${cost.call} µs a call`,
        ]),
    ...findings.map((finding) => findingText(finding, paint, Math.max(40, Math.min(columns, 120)))),
    summary(findings, paint),
  ]
  return parts.join('\n\n')
}

type Paint = (style: Style, text: string) => string

function moduleText({ file, loaded, milliseconds, methods }: ModuleReport, paint: Paint): string {
  const head = `${paint('bold', file)}  ${loaded ? `imported by a worker in ${milliseconds} ms` : 'not imported'}`
  const names = methods.map((method) => `${method.class}.${method.method}`)
  const width = Math.max(...names.map((name) => name.length), 0)
  const lines = methods.map((method, i) => `  ${names[i]!.padEnd(width)}  ${paint('dim', optionsText(method, file))}`)
  return [head, ...lines].join('\n')
}

function optionsText({ mutates, onConflict, timeout, retries, module }: FoundMethod, file: string): string {
  const changes = Array.isArray(mutates)
    ? `changes parameters ${mutates.join(', ')}`
    : mutates === false
      ? 'changes nothing'
      : 'changes: found out'
  const parts = [
    changes,
    `onConflict ${onConflict}`,
    timeout === null ? 'no timeout' : `timeout ${timeout} ms`,
    `retries ${retries}`,
  ]
  if (module !== file) parts.push(`in ${module ?? 'no module'}`)
  return parts.join(', ')
}

function findingText({ id, weight, file, what, wayOut }: Finding, paint: Paint, columns: number): string {
  const head = `${paint(weight === 'error' ? ['bold', 'red'] : ['bold', 'yellow'], weight)} ${paint('bold', id)}${file === null ? '' : `  ${file}`}`
  return [head, ...wrapped(what, columns), ...wrapped(`Way out: ${wayOut}.`, columns)].join('\n')
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ' '
  for (const word of text.split(' ')) {
    if (line.length + 1 + word.length > columns && line.trim() !== '') {
      lines.push(line)
      line = ' '
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

function summary(findings: readonly Finding[], paint: Paint): string {
  if (findings.length === 0) return paint('green', 'Nothing to mend.')
  const errors = findings.filter(({ weight }) => weight === 'error').length
  const counts = [counted(errors, 'error'), counted(findings.length - errors, 'warning')].filter((text) => text !== '')
  return `${counts.join(' and ')}. What they mean: docs/doctor.md of deco-ts.`
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`
}
