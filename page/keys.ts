import type { View } from './view.js'

export interface KeyEvents {
  /** The next row, or the one before. */
  row(by: 1 | -1): void
  /** The next span of the row, or the one before. */
  span(by: 1 | -1): void
  /** What is shown has changed. */
  moved(): void
  leave(): void
}

// Parts of what is shown.
const STEP = 0.1
const STRIDE = 0.8
const ZOOM = 1.5

/** What keys do while an element has the focus. */
export function onKeys(place: HTMLElement, view: View, events: KeyEvents): void {
  const move = (change: () => void) => () => {
    change()
    events.moved()
  }
  const keys: Record<string, (stride: number) => void> = {
    ArrowLeft: (stride) => move(() => view.pan(-stride))(),
    ArrowRight: (stride) => move(() => view.pan(stride))(),
    // As far as there is anything.
    Home: move(() => view.pan(-view.zoom)),
    End: move(() => view.pan(view.zoom)),
    '+': move(() => view.zoomBy(ZOOM)),
    '=': move(() => view.zoomBy(ZOOM)),
    '-': move(() => view.zoomBy(1 / ZOOM)),
    '0': move(() => view.showAll()),
    ArrowUp: () => events.row(-1),
    ArrowDown: () => events.row(1),
    n: () => events.span(1),
    p: () => events.span(-1),
    Escape: () => events.leave(),
  }
  place.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = keys[event.key]
    if (act === undefined) return
    event.preventDefault()
    act(event.shiftKey ? STRIDE : STEP)
  })
  place.addEventListener('blur', () => events.leave())
}
