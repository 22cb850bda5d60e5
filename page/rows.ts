import uPlot from 'uplot'
import { chart } from './chart.js'
import type { Picture } from './data.js'
import { describe } from './describe.js'
import { drawRows, type Selected } from './draw-rows.js'
import { onKeys } from './keys.js'
import { onPointer } from './pointer.js'
import { onTheme } from './theme.js'
import { Tip } from './tip.js'
import type { View } from './view.js'

// All of it is to fit a screen.
const MOST_HEIGHT = 560
const ROW_HEIGHT = 34
const LEAST_ROW_HEIGHT = 9
const TIMES = 36
// So near to a span, in pixels, the pointer is at it.
const NEAR = 3

/** The rows of the program and of the workers: what each of them did when. */
export function showRows(place: HTMLElement, said: HTMLElement, picture: Picture, view: View): void {
  const { rows } = picture
  place.tabIndex = 0
  const rowHeight = Math.max(LEAST_ROW_HEIGHT, Math.min(ROW_HEIGHT, MOST_HEIGHT / rows.length))
  let selected: Selected | undefined
  const names = rows.map(({ name }) => (rowHeight < 12 ? '' : name))
  const plot = chart({
    place,
    height: Math.round(rowHeight * rows.length) + TIMES,
    view,
    hasTimes: true,
    // The first row is at the top.
    axis: {
      splits: () => rows.map((_, i) => rows.length - i - 0.5),
      values: () => names,
      grid: { show: false },
      ticks: { show: false },
    },
    range: () => [0, rows.length],
    plugins: [{ hooks: { draw: (plot) => drawRows(plot, picture, uPlot.pxRatio, selected) } }],
  })
  const tip = new Tip(place)
  onTheme(() => plot.redraw())

  const select = (next: Selected | undefined) => {
    if (next?.row === selected?.row && next?.span === selected?.span) return
    selected = next
    plot.redraw(false)
  }
  // Beside the middle of what can be seen of it.
  const showTip = ({ row, span }: Selected, at?: { x: number; y: number }) => {
    const { spans } = rows[row]!
    const middle = (Math.max(spans.from[span]!, view.from) + Math.min(spans.to[span]!, view.to)) / 2
    const x = at?.x ?? plot.valToPos(middle, 'x')
    const y = at?.y ?? ((row + 0.5) * plot.over.clientHeight) / rows.length
    tip.show(describe(picture, row, span), plot.over.offsetLeft + x, plot.over.offsetTop + y)
  }
  const hide = () => {
    select(undefined)
    tip.hide()
  }

  const choose = (row: number, span: number) => {
    const { spans } = rows[row]!
    view.reveal(spans.from[span]!, spans.to[span]!)
    select({ row, span })
    showTip({ row, span })
    said.textContent = tip.lines.join('; ')
  }

  onPointer(plot.over, view, {
    hover(x, y) {
      const row = Math.min(rows.length - 1, Math.max(0, Math.floor((y / plot.over.clientHeight) * rows.length)))
      const span = rows[row]!.spans.near(plot.posToVal(x, 'x'), (NEAR * view.length) / plot.over.clientWidth)
      if (span === -1) {
        hide()
        return
      }
      select({ row, span })
      showTip({ row, span }, { x, y })
    },
    leave: hide,
  })
  onKeys(place, view, {
    // Rows without calls are passed over.
    row(by) {
      let row = (selected?.row ?? (by > 0 ? -1 : rows.length)) + by
      while (rows[row] !== undefined && rows[row]!.spans.length === 0) row += by
      if (rows[row] === undefined) return
      const { spans } = rows[row]!
      choose(row, Math.max(0, spans.near((view.from + view.to) / 2, Number.POSITIVE_INFINITY)))
    },
    span(by) {
      const row = selected?.row ?? Math.min(1, rows.length - 1)
      const { spans } = rows[row]!
      const next = selected === undefined ? spans.firstBeyond(view.from) : selected.span + by
      if (next >= 0 && next < spans.length) choose(row, next)
    },
    moved: () => selected !== undefined && showTip(selected),
    leave: hide,
  })
}
