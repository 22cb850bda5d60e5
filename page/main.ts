// The timeline page: reads the data that lies in it, and shows it.

import type { PageData } from '../src/trace/page-data.js'
import { counted, duration } from '../src/trace/plain.js'
import { pictureOf } from './data.js'
import { element } from './element.js'
import { ofSizes, ofTimes, showHistogram } from './histograms.js'
import { showMethods } from './methods-table.js'
import { showRows } from './rows.js'
import { showStrips } from './strips.js'
import { showVerdict } from './verdict.js'
import { View } from './view.js'

// Nothing is to be seen within a tenth of a microsecond, in ms.
const SHORTEST = 1e-3

const byId = (id: string) => document.getElementById(id)!

const data = JSON.parse(byId('data').textContent!) as PageData
const picture = pictureOf(data)
const view = new View(picture.from, picture.to, SHORTEST)

showAbout()
showVerdict(byId('verdict'), data.verdict)
showLegend()
showRows(byId('rows'), byId('said'), picture, view)
showStrips({ busy: byId('busy'), pending: byId('pending') }, picture, view)
showButtons()
showHistogram(byId('lengths'), data.lengths, ofTimes)
showHistogram(byId('sizes'), data.sizes, ofSizes)
showMethods(byId('methods'), data.figures, data.methods)
// Tests and benchmarks wait for this.
requestAnimationFrame(() =>
  requestAnimationFrame(() => (document.documentElement.dataset.shown = String(performance.now()))),
)

function showAbout(): void {
  const { began, length, node, processors, missing } = data
  const when = new Date(began).toLocaleString()
  const parts = [when, duration(length), `Node.js ${node}`, counted(processors, 'processor')]
  if (missing > 0) parts.push(`${counted(missing, 'call')} more not recorded`)
  byId('about').textContent = parts.join(' · ')
}

function showLegend(): void {
  const methods = data.methods.map((name, i) => entry(`method-${i % 8}`, name))
  const others = [entry('making', 'makes calls'), entry('commit', 'commits')]
  if (data.calls.outcome.includes(1)) others.push(entry('failed', 'failed'))
  others.push(entry('starting', 'starts, or ran in vain'))
  byId('legend').append(...methods, ...others)
}

function entry(colour: string, name: string): HTMLElement {
  return element('li', {}, element('span', { class: `swatch ${colour}` }), name)
}

function showButtons(): void {
  const acts: Record<string, () => void> = {
    'zoom-in': () => view.zoomBy(2),
    'zoom-out': () => view.zoomBy(0.5),
    'show-all': () => view.showAll(),
  }
  for (const [id, act] of Object.entries(acts)) byId(id).addEventListener('click', act)
  const tell = () => {
    byId('shown').textContent = `${duration(view.length)}, from ${duration(view.from)} on`
  }
  view.onChange(tell)
  tell()
}
