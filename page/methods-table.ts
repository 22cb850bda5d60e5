import type { MethodFigures } from '../src/trace/methods.js'
import { bytes, duration, percent, whole } from '../src/trace/plain.js'
import { element } from './element.js'

interface Column {
  readonly name: string
  readonly about: string
  value(figures: MethodFigures): number | string
  text(figures: MethodFigures): string
}

/** The figures of all methods; a click on the head of a column sorts by it. */
export function showMethods(place: HTMLElement, figures: readonly MethodFigures[], methods: readonly string[]): void {
  const body = element('tbody')
  let order: { column: Column; isRising: boolean } = { column: COLUMNS[2]!, isRising: false }
  const heads = COLUMNS.map((column) => {
    const button = element('button', { type: 'button', title: column.about }, column.name)
    const head = element('th', { scope: 'col' }, button)
    button.addEventListener('click', () => {
      const isRising = order.column === column ? !order.isRising : typeof column.value(figures[0]!) === 'string'
      order = { column, isRising }
      fill()
    })
    return head
  })
  const fill = () => {
    const { column, isRising } = order
    for (const [i, head] of heads.entries()) {
      if (COLUMNS[i] === column) head.setAttribute('aria-sort', isRising ? 'ascending' : 'descending')
      else head.removeAttribute('aria-sort')
    }
    const sorted = [...figures].sort((a, b) => (isRising ? 1 : -1) * compare(column.value(a), column.value(b)))
    body.replaceChildren(...sorted.map((row) => rowOf(row, methods)))
  }
  place.append(element('table', {}, element('thead', {}, element('tr', {}, ...heads)), body))
  fill()
}

function rowOf(figures: MethodFigures, methods: readonly string[]): HTMLElement {
  const swatch = element('span', { class: `swatch method-${methods.indexOf(figures.method) % 8}` })
  const [first, ...rest] = COLUMNS
  const name = element('th', { scope: 'row' }, swatch, first!.text(figures))
  return element('tr', {}, name, ...rest.map((column) => element('td', {}, column.text(figures))))
}

function compare(a: number | string, b: number | string): number {
  return typeof a === 'string' || typeof b === 'string' ? String(a).localeCompare(String(b)) : a - b
}

function column(
  name: string,
  about: string,
  value: (figures: MethodFigures) => number,
  text: (value: number) => string,
): Column {
  return { name, about, value, text: (figures) => text(value(figures)) }
}

const COLUMNS: readonly Column[] = [
  { name: 'method', about: 'Class and method', value: ({ method }) => method, text: ({ method }) => method },
  column('calls', 'Number of calls', ({ calls }) => calls, whole),
  column('total', 'How long they ran, all together', ({ total }) => total, duration),
  column('mean', 'How long they ran on average', ({ mean }) => mean, duration),
  column('p50', 'Half of them ran no longer', ({ p50 }) => p50, duration),
  column('p95', '95 % of them ran no longer', ({ p95 }) => p95, duration),
  column('p99', '99 % of them ran no longer', ({ p99 }) => p99, duration),
  column(
    'overhead',
    'What the program’s thread spent on making and committing them, as a part of that and their runs together',
    ({ overhead }) => overhead,
    percent,
  ),
  column('bytes out', 'About how many bytes were sent for them', ({ bytesOut }) => bytesOut, bytes),
  column('bytes in', 'About how many bytes came back', ({ bytesIn }) => bytesIn, bytes),
  column('reruns', 'How often they ran again because their snapshot was stale', ({ reruns }) => reruns, whole),
  column('failed', 'How many failed', ({ failed }) => failed, whole),
]
