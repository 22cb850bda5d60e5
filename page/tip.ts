import type { Description } from './describe.js'
import { element } from './element.js'

// How far from the pointer.
const APART = 14

/** What is said beside a call. */
export class Tip {
  readonly #place: HTMLElement
  readonly #box = element('div', { class: 'tip', role: 'tooltip', hidden: '' })
  #lines: readonly string[] = []

  constructor(place: HTMLElement) {
    this.#place = place
    place.append(this.#box)
  }

  /** What it says, for those who do not see it. */
  get lines(): readonly string[] {
    return this.#lines
  }

  /** Shows it beside a point of its place. */
  show({ title, facts, method }: Description, x: number, y: number): void {
    const head = element('div', { class: 'tip-title' }, title)
    if (method !== undefined) head.prepend(element('span', { class: `swatch method-${method % 8}` }))
    const list = element('dl')
    for (const [name, value] of facts) list.append(element('dt', {}, name), element('dd', {}, value))
    this.#box.replaceChildren(head, list)
    this.#lines = [title, ...facts.map(([name, value]) => `${name} ${value}`)]
    this.#box.hidden = false
    const { offsetWidth: width, offsetHeight: height } = this.#box
    const room = this.#place.clientWidth
    const left = x + APART + width > room ? Math.max(0, x - APART - width) : x + APART
    // Below the row, so that the row can be seen; above, where the window ends.
    const below = this.#place.getBoundingClientRect().top + y + APART + height < innerHeight
    this.#box.style.transform = `translate(${left}px, ${below ? y + APART : y - APART - height}px)`
  }

  hide(): void {
    this.#box.hidden = true
  }
}
