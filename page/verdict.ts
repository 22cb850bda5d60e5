import { counted, duration, percent, whole } from '../src/trace/plain.js'
import type { Verdict } from '../src/trace/verdict.js'
import { element } from './element.js'

/** What the run was worth, where the rest of the workers' time went, and what to try. */
export function showVerdict(card: HTMLElement, verdict: Verdict): void {
  const { main, headline, busy, losses, run, wall, workers, calls, speedUp, bound, least } = verdict
  card.classList.add(main === 'good' ? 'is-good' : 'is-bad')
  card.querySelector('h2')!.textContent = headline
  card
    .querySelector('.tiles')!
    .append(
      tile(`${speedUp.toFixed(2)} ×`, 'as fast as one call after the other'),
      tile(`${bound.toFixed(2)} ×`, `possible: ${duration(least)} is the least for these calls`),
      tile(duration(wall), `for ${counted(calls, 'call')} that ran ${duration(run)}`),
      tile(whole(workers), workers === 1 ? 'worker' : 'workers'),
    )
  const parts = [
    { loss: 'calls', name: 'calls', share: busy, time: run, text: 'Running calls whose results counted.', advice: '' },
    ...losses,
  ]
  const bar = element('div', { class: 'bar', 'aria-hidden': 'true' })
  const list = element('ul', { class: 'parts' })
  for (const { loss, name, share, time, text, advice } of parts) {
    const swatch = () => element('span', { class: `swatch part-${loss.replace(' ', '-')}` })
    const piece = swatch()
    piece.style.flexGrow = String(share)
    piece.title = `${name}: ${percent(share)}`
    bar.append(piece)
    // What is less is to be seen in the bar, but not worth words.
    if (share < 0.02) continue
    const head = element('strong', {}, `${percent(share)} ${name}`)
    const more = element('span', {}, ` ${duration(time)}. `, ...withCode(text))
    const item = element('li', {}, swatch(), head, more)
    if (advice !== '') item.append(element('p', { class: 'advice' }, 'Try: ', ...withCode(advice)))
    list.append(item)
  }
  card.append(element('p', { class: 'bar-title' }, 'Where the workers’ time went'), bar, list)
}

// What is between backticks is code.
function withCode(text: string): (Node | string)[] {
  return text.split('`').map((part, i) => (i % 2 === 0 ? part : element('code', {}, part)))
}

function tile(value: string, about: string): HTMLElement {
  return element('div', { class: 'tile' }, element('b', {}, value), element('span', {}, about))
}
