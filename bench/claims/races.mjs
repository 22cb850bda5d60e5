// The race detector on the n-body example: its run over the serial loop, and that it finds nothing.

import { Body } from '../../build/examples/nbody/body.js'
import { NBody } from '../../build/examples/nbody/nbody.js'
import { assertNoRaces } from '../../dist/testing/index.js'
import { check, median, timed } from '../timing.mjs'

export const title = 'Looking for races'

const dt = 0.1

export async function measure(quick) {
  const steps = quick ? 1 : 5
  const ratios = []
  const times = []
  for (let run = quick ? 0 : -1; run < (quick ? 1 : 5); run++) {
    const serial = await timed(() => serially(disc(), steps))
    let found
    const detector = await timed(() =>
      assertNoRaces(
        (options) => new NBody(options),
        async (job) => {
          found = await job.simulate(disc(), steps, dt)
        },
      ),
    )
    check('the detector', [...found], [...serial.result])
    if (run < 0) continue
    ratios.push(detector.ms / serial.ms)
    times.push({ serial: serial.ms, detector: detector.ms })
  }
  return { steps, ratios, times }
}

function serially(bodies, steps) {
  for (let step = 0; step < steps; step++) {
    const current = bodies
    bodies = new Map([...current].map(([index, body]) => [index, body.advanced(current.values(), dt)]))
  }
  return bodies
}

function disc() {
  const bodies = new Map()
  for (let index = 0; index < 100; index++) {
    const angle = index * Math.PI * (3 - Math.sqrt(5))
    const radius = 10 * Math.sqrt(index + 1)
    const speed = Math.sqrt((index + 1) / radius)
    const [x, y] = [Math.cos(angle), Math.sin(angle)]
    bodies.set(index, new Body(1, radius * x, radius * y, -speed * y, speed * x))
  }
  return bodies
}

export function show({ steps, ratios, times }) {
  const ratio = median(ratios)
  return {
    note: `The n-body example, 100 bodies and ${steps} steps: one run under assertNoRaces, which finds nothing, over the serial loop right before it. Median: ${ratio.toFixed(1)} times as long.`,
    rows: times.map(({ serial, detector }, i) => ({
      run: i + 1,
      'serial ms': serial.toFixed(0),
      'detector ms': detector.toFixed(0),
      ratio: ratios[i].toFixed(1),
    })),
    figures: [
      {
        what: 'the race detector on the n-body example, over its serial run',
        budget: '≤ 60',
        figure: `${ratio.toFixed(1)} times`,
        isMet: ratio <= 60,
      },
    ],
  }
}
