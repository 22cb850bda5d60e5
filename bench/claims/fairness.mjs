// Ten short jobs, alone and while a job of a million calls keeps the same workers busy.

import { Calls } from '../../build/bench/jobs/calls.js'
import { digest } from '../../build/bench/work.js'
import { threads } from '../../dist/index.js'
import { calibrated, check, median, timed } from '../timing.mjs'

export const title = 'Fairness'

const jobs = 10
const calls = 100
const us = 100
const largeUs = 20

export async function measure(quick) {
  const rounds = quick ? 1 : 9
  const many = quick ? 10_000 : 1_000_000
  const executor = threads()
  const bytesFor = calibrated()
  const list = Array(calls).fill(bytesFor(us))
  const long = Array(many).fill(bytesFor(largeUs))
  const expected = list.map(digest)
  const tenJobs = async () => {
    const all = await Promise.all(Array.from({ length: jobs }, () => new Calls({ executor }).each('digest', list)))
    for (const results of all) check('deco-ts', [...results.values()], expected)
  }
  await new Calls({ executor }).each('digest', long.slice(0, 10_000))
  for (let i = 0; i < 3; i++) await tenJobs()
  const alone = []
  const beside = []
  for (let round = 0; round < rounds; round++) {
    alone.push((await timed(tenJobs)).ms)
    const large = new Calls({ executor })
    const ended = large.each('digest', long).catch(() => {})
    beside.push((await timed(tenJobs)).ms)
    if (large.pending === 0 && !quick)
      throw new Error('Cannot tell what was fair: the large job was over before the short ones.')
    large.cancel()
    await ended
  }
  await executor.close()
  return { rounds, many, alone, beside }
}

export function show({ rounds, many, alone, beside }) {
  const ratios = beside.map((ms, i) => ms / alone[i])
  const ratio = median(ratios)
  const row = (what, values) => ({
    what,
    'median ms': median(values).toFixed(1),
    'fastest ms': Math.min(...values).toFixed(1),
    'slowest ms': Math.max(...values).toFixed(1),
  })
  return {
    note: `${jobs} jobs of ${calls} calls of ${us} µs, made at once; alone, and right after a job has made ${many.toLocaleString('en')} calls of ${largeUs} µs. Until the last of the ten is done; ${rounds} rounds, in turns.`,
    rows: [row('ten short jobs alone', alone), row('ten short jobs beside the large one', beside)],
    figures: [
      {
        what: `ten short jobs beside one of ${many.toLocaleString('en')} calls: time over their time alone`,
        budget: '≤ 3',
        figure: `${ratio.toFixed(2)}, at most ${Math.max(...ratios).toFixed(2)}`,
        isMet: ratio <= 3,
      },
    ],
  }
}
