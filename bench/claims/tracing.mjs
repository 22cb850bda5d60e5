// What it costs that somebody listens, and that somebody could.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { digest } from '../../build/bench/work.js'
import { rotated } from '../contenders.mjs'
import { calibrated, median } from '../timing.mjs'

export const title = 'Calls that are traced'

const us = 10
const modes = ['off', 'was on', 'on']
const styles = { async: 'deco-ts', blocking: 'deco-ts-blocking' }

export async function measure(quick) {
  const [runs, warmUps, calls] = quick ? [1, 1, 500] : [25, 8, 20_000]
  const bytes = calibrated()(us)
  const list = Array.from({ length: calls }, (_, i) => bytes + (i % 8))
  const expected = list.map(digest)
  const rows = []
  for (const [style, file] of Object.entries(styles)) {
    const times = Object.fromEntries(modes.map((mode) => [mode, []]))
    const children = await Promise.all(modes.map((mode) => startChild(mode, file)))
    for (let run = -warmUps; run < runs; run++) {
      for (const i of rotated([...modes.keys()], run + warmUps)) {
        children[i].send({ list, expected, isTimed: run >= 0 })
        const [ms] = await once(children[i], 'message')
        if (run >= 0) times[modes[i]].push(ms)
      }
    }
    for (const child of children) child.disconnect()
    rows.push({ style, times })
  }
  return { calls, runs, rows }
}

async function startChild(mode, file) {
  const child = fork(new URL('../traced.mjs', import.meta.url), [mode, file], { serialization: 'advanced' })
  await once(child, 'message')
  return child
}

export function show({ calls, runs, rows }) {
  const costs = rows.map(({ style, times }) => ({ style, was: over(times, 'was on'), on: over(times, 'on') }))
  const percent = (ratio) => `${ratio >= 1 ? '+' : '−'}${Math.abs(100 * (ratio - 1)).toFixed(1)} %`
  return {
    note: `${calls.toLocaleString('en')} calls of ${us} µs, in processes that take turns: time of each run over that of a process in which nobody has ever listened, right before or after. Medians of ${runs}.`,
    rows: costs.map(({ style, was, on }) => ({
      what: style,
      'recorded before, not now': percent(was),
      'recorded by record()': percent(on),
    })),
    figures: [
      {
        what: `recording calls of ${us} µs with \`record()\`: what it adds to their time`,
        budget: '≤ 10 %',
        figure: costs.map(({ style, on }) => `${percent(on)} ${style}`).join(', '),
        isMet: costs.every(({ on }) => on <= 1.1),
      },
      {
        what: 'the same after the recording has been stopped',
        figure: costs.map(({ style, was }) => `${percent(was)} ${style}`).join(', '),
      },
    ],
  }
}

function over(times, mode) {
  return median(times[mode].map((ms, run) => ms / times.off[run]))
}
