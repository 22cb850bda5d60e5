// One large array passed to many calls.

import { dots } from '../charts.mjs'
import { rotated, startAll } from '../contenders.mjs'
import { median } from '../timing.mjs'

export const title = 'The same large array in every call'

const length = 100_000

export async function measure(quick) {
  const runs = quick ? 1 : 5
  const calls = quick ? 20 : 1000
  const started = await startAll()
  const array = Array.from({ length }, (_, i) => Math.sqrt(i))
  const plain = {
    method: 'last',
    list: Array(calls).fill(array),
    expected: Array(calls).fill(array.at(-1)),
    kept: 'plain',
  }
  const broadcast = { ...plain, isShared: true, kept: 'shared' }
  const numbers = Array.from({ length: calls }, (_, i) => i)
  const primitive = { method: 'nothing', list: numbers, expected: numbers, kept: 'numbers' }
  const rows = started.flatMap((contender) => {
    const { file, name } = contender
    const row = (suffix, cases) => ({ file, name: `${name}${suffix}`, contender, cases, us: [] })
    return file.startsWith('deco-ts') ? [row('', plain), row(', shared()', broadcast)] : [row('', plain)]
  })
  const primitives = started.map((contender) => ({ name: contender.name, contender, cases: primitive, us: [] }))
  // Whoever is fast first runs all of it several times, the others enough of it that every worker has started and knows the method.
  for (const { contender, cases } of [...rows, ...primitives]) {
    const isLong = contender.isFast && !quick
    for (let round = 0; round < (isLong ? 4 : 1); round++)
      await contender.time({ ...cases, calls: isLong ? calls : 10 })
  }
  for (let run = 0; run < runs; run++) {
    for (const { contender, cases, us } of rotated([...rows, ...primitives], run)) {
      const { ms } = await contender.time({ ...cases, calls })
      us.push((ms * 1000) / calls)
    }
  }
  const plainData = ({ file, name, us }) => ({ file, name, us })
  return { runs, calls, rows: rows.map(plainData), primitives: primitives.map(plainData) }
}

export function show({ runs, calls, rows, primitives }) {
  const values = rows.map(({ file, name, us }) => ({ file, name, value: median(us) }))
  const of = (wanted) => values.find(({ name }) => name === wanted).value
  const times = (name, peer) => of(peer) / of(name)
  const said = (us) => us.toFixed(us < 10 ? 1 : 0)
  const numbers = Object.fromEntries(primitives.map(({ name, us }) => [name, said(median(us))]))
  const faster = (name) =>
    `${times(name, 'tinypool').toFixed(1)} × tinypool, ${times(name, 'piscina').toFixed(1)} × piscina`
  return {
    note: `${calls.toLocaleString('en')} calls, each with the same array of ${length.toLocaleString('en')} numbers, of which it returns the last; beside them as many calls with one number. Medians of ${runs} after warm-up. deco-ts finds out whether the array was changed in between, by the caller or by a call. Batches by hand copy it once a batch: their calls see each other's changes.`,
    rows: values.map(({ name, value }) => ({
      what: name,
      'µs a call': said(value),
      'times as fast as tinypool': (of('tinypool') / value).toFixed(1),
      'with one number, µs': numbers[name] ?? '',
    })),
    chart: dots({
      title: `The same ${length.toLocaleString('en')} numbers in ${calls.toLocaleString('en')} calls`,
      unit: 'µs a call, logarithmic, less is better',
      rows: values,
      said: (us) => `${said(us)} µs`,
    }),
    figures: [
      {
        what: `the same ${length.toLocaleString('en')}-number array passed to ${calls.toLocaleString('en')} calls`,
        budget: '≥ 5 × faster than tinypool',
        figure: `${said(of('deco-ts'))} µs a call: ${faster('deco-ts')}`,
        isMet: times('deco-ts', 'tinypool') >= 5,
        peers: `tinypool ${said(of('tinypool'))}, piscina ${said(of('piscina'))} µs a call`,
      },
      {
        what: 'the same, with `shared()`',
        budget: '≥ 500 × faster than tinypool',
        figure: `${said(of('deco-ts, shared()'))} µs a call: ${faster('deco-ts, shared()')}`,
        isMet: times('deco-ts, shared()', 'tinypool') >= 500,
        peers: `tinypool ${said(of('tinypool'))}, piscina ${said(of('piscina'))} µs a call`,
      },
    ],
  }
}
