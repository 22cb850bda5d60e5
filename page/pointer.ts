import type { View } from './view.js'

export interface PointerEvents {
  /** The pointer is here, in CSS pixels of the element. */
  hover(x: number, y: number): void
  leave(): void
}

// So far, in pixels, a pointer moves by itself.
const STILL = 3
const ZOOM = 1.002

/** Dragging pans; a wheel pans sideways, and zooms with Ctrl; a double click zooms in. */
export function onPointer(over: HTMLElement, view: View, { hover, leave }: PointerEvents): void {
  let drag: { readonly x: number; readonly from: number; readonly to: number; isMoving: boolean } | undefined
  const timeAt = (clientX: number) => {
    const { left, width } = over.getBoundingClientRect()
    return view.from + ((clientX - left) / width) * view.length
  }
  over.addEventListener('pointerdown', ({ button, clientX }) => {
    if (button === 0) drag = { x: clientX, from: view.from, to: view.to, isMoving: false }
  })
  over.addEventListener('pointermove', ({ clientX, clientY, pointerId }) => {
    const { left, top, width } = over.getBoundingClientRect()
    if (drag === undefined) {
      hover(clientX - left, clientY - top)
      return
    }
    const moved = clientX - drag.x
    if (!drag.isMoving && Math.abs(moved) < STILL) return
    if (!drag.isMoving) {
      over.setPointerCapture(pointerId)
      over.classList.add('dragging')
      leave()
    }
    drag.isMoving = true
    const by = (-moved / width) * (drag.to - drag.from)
    view.show(drag.from + by, drag.to + by)
  })
  for (const event of ['pointerup', 'pointercancel'] as const)
    over.addEventListener(event, () => {
      drag = undefined
      over.classList.remove('dragging')
    })
  over.addEventListener('pointerleave', leave)
  over.addEventListener('dblclick', ({ clientX, shiftKey }) => view.zoomBy(shiftKey ? 0.25 : 4, timeAt(clientX)))
  over.addEventListener(
    'wheel',
    (event) => {
      const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX
      if (event.ctrlKey || event.metaKey) view.zoomBy(ZOOM ** -event.deltaY, timeAt(event.clientX))
      else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) view.pan(sideways / over.clientWidth)
      else return
      // Else the page would zoom, or go back.
      event.preventDefault()
    },
    { passive: false },
  )
}
