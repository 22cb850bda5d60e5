// How much faster a list of calls runs than its serial loop, over the length of a call; and from which length on it does at all.

import { curves } from '../charts.mjs'
import { files as compared, contenders, rotated, startAll, workers } from '../contenders.mjs'
import { others } from '../others.mjs'
import { calibrated, median } from '../timing.mjs'

export const title = 'Speed-up over the length of a call'

// As DECO's authors say, and as measured: Python processes.
const deco = 88
const cited = `DECO (Python, as measured): ${deco} µs; 1 ms according to its README.`
const ceiling = 'halves-by-hand'
const budgets = { 4: 1.7, 17: 1.85, 85: 1.9, 4000: 1.93 }

export async function measure(quick) {
  const lengths = quick ? [1, 17, 1000] : [1, 2, 4, 8, 17, 35, 85, 200, 1000, 4000]
  const started = await startAll([ceiling])
  const bytesFor = calibrated()
  const runs = quick ? 1 : 9
  const points = []
  for (const us of lengths) {
    const least = quick ? 32 : 64 * workers
    const calls = Math.min(Math.max(Math.round(250_000 / us / least) * least, least), quick ? 128 : 100_000)
    const bytes = bytesFor(us)
    // Lengths differ by a few bytes, so that a result in the wrong place is seen.
    const list = Array.from({ length: calls }, (_, i) => bytes + (i % 16))
    // Whoever takes long for each call gets fewer of them, and so does the loop that it is compared with.
    const partFor = ({ isSlow, isFast }) => (isSlow ? 256 : isFast ? calls : Math.max(least, Math.ceil(calls / 8)))
    const time = (contender) =>
      contender.time({ method: 'digest', list: list.slice(0, partFor(contender)), isSerial: true })
    for (const contender of started) {
      for (let run = 0; run < (quick ? 1 : 3); run++) await time(contender)
    }
    const point = { us, calls, runs, serial: [], ratios: {} }
    for (let run = 0; run < runs; run++) {
      for (const contender of rotated(started, run)) {
        const { ms, serial } = await time(contender)
        point.serial.push((serial * 1000) / partFor(contender))
        point.ratios[contender.file] ??= []
        point.ratios[contender.file].push(serial / ms)
      }
    }
    points.push(point)
  }
  return { workers, points }
}

export function show({ workers, points }) {
  // Figures from before it was measured are still shown.
  const files = [...compared, ceiling].filter((file) => file in points[0].ratios)
  const lengths = points.map(({ serial }) => median(serial))
  const ratios = (file) => points.map((point) => median(point.ratios[file]))
  const saidBreakEven = (at) => breakEvenSaid(lengths, at)
  const breakEven = (file) => saidBreakEven(breakEvenAt(lengths, ratios(file)))
  const own = ['deco-ts', 'deco-ts-blocking']
  const inRows = (value) => files.map((file) => ({ file, name: contenders[file].name, value: value(file) }))
  return {
    note: `Serial time of the same list over its time on ${workers} workers: SHA-256 over as many bytes as take the named µs. Serial and parallel runs in turns, the latter right after an eighth of the calls, medians of ${points.at(-1).runs} after three; pools of one task a message get an eighth of the calls. What the machine gives at best shows in workers that run one part of the list each, in one go. Break-even is the length from which on the list is faster than its loop. ${cited}`,
    rows: files.map((file) => ({
      what: contenders[file].name,
      ...Object.fromEntries(points.map(({ us }, i) => [`${us.toLocaleString('en')} µs`, ratios(file)[i].toFixed(2)])),
      'break-even': breakEven(file),
    })),
    more: [
      {
        note: 'What the lists were:',
        rows: points.map(({ us, calls }, i) => ({ aimed: `${us} µs`, serially: `${lengths[i].toFixed(1)} µs`, calls })),
      },
    ],
    chart: curves({
      title: `Speed-up on ${workers} cores over the length of a call`,
      x: { name: 'length of a call', values: lengths, said: (us) => (us < 1000 ? `${us} µs` : `${us / 1000} ms`) },
      y: { name: 'times as fast as the serial loop', max: workers, one: 'as fast as the serial loop' },
      mark: { at: deco, name: `break-even of DECO: ${deco} µs` },
      lines: files.map((file) => ({ file, name: contenders[file].name, values: ratios(file) })),
    }),
    figures: [
      {
        what: `smallest call that gets faster with ${workers} workers`,
        budget: '≤ 2 µs',
        figure: own
          .map((file) => breakEven(file))
          .join(' async, ')
          .concat(' blocking'),
        isMet: own.every((file) => breakEvenAt(lengths, ratios(file)) <= 2),
        peers: `${others(
          inRows((file) => breakEvenAt(lengths, ratios(file))),
          saidBreakEven,
        )}; ${cited}`,
      },
      ...points.flatMap(({ us }, i) => {
        if (!(us in budgets)) return []
        const best = Math.min(...own.map((file) => ratios(file)[i]))
        const byHand = ratios('batches-by-hand')[i]
        return {
          what: `speed-up at ${us.toLocaleString('en')} µs a call`,
          budget: `≥ ${budgets[us]}, and not below batches by hand`,
          figure: own
            .map((file) => ratios(file)[i].toFixed(2))
            .join(' async, ')
            .concat(' blocking'),
          isMet: best >= budgets[us] && best >= byHand,
          peers: `${others(
            inRows((file) => ratios(file)[i]),
            (ratio) => ratio.toFixed(2),
            (a, b) => a > b,
          )}${files.includes(ceiling) ? `; what the machine gives at best: ${ratios(ceiling)[i].toFixed(2)}` : ''}`,
        }
      }),
    ],
  }
}

function breakEvenSaid(lengths, at) {
  if (at === Number.POSITIVE_INFINITY) return `> ${Math.round(lengths.at(-1))} µs`
  const said = at < 10 ? at.toFixed(1) : Math.round(at)
  return at === lengths[0] ? `< ${said} µs` : `${said} µs`
}

// Between two lengths, on the logarithmic axis.
function breakEvenAt(lengths, ratios) {
  const below = ratios.findLastIndex((ratio) => ratio < 1)
  if (below === -1) return lengths[0]
  if (below === ratios.length - 1) return Number.POSITIVE_INFINITY
  const share = (1 - ratios[below]) / (ratios[below + 1] - ratios[below])
  return lengths[below] * (lengths[below + 1] / lengths[below]) ** share
}
