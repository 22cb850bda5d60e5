// The climate example beside its serial loop: every third row of its grid.

import { SomeClimate } from '../../build/bench/jobs/some-climate.js'
import { annualPrecipitation } from '../../build/examples/climate/grid.js'
import { smooth } from '../../build/examples/climate/smooth.js'
import { shared } from '../../dist/index.js'
import { median } from '../timing.mjs'

export const title = 'Climate'

const radiusKm = 5000
const widthKm = 1600

export async function measure(quick) {
  const grid = annualPrecipitation()
  const lats = grid.lats.filter((_, row) => row % (quick ? 100 : 3) === 0)
  const rows = []
  for (let run = 0; run < (quick ? 1 : 3); run++) {
    const serialStart = performance.now()
    const serial = new Map()
    for (const lat of lats)
      for (const lon of grid.lons) serial.set(`${lat},${lon}`, smooth(lat, lon, grid, radiusKm, widthKm))
    const parallelStart = performance.now()
    const parallel = await new SomeClimate().processRows(lats, shared(grid), radiusKm, widthKm)
    const end = performance.now()
    const identical = [...serial].filter(([key, cell]) => Object.is(parallel.get(key)?.mean, cell.mean)).length
    if (identical !== serial.size) throw new Error(`Cannot use a time: ${serial.size - identical} cells are wrong.`)
    rows.push({ cells: serial.size, serial: parallelStart - serialStart, parallel: end - parallelStart })
  }
  return rows
}

export function show(rows) {
  const speedUps = rows.map(({ serial, parallel }) => serial / parallel)
  const speedUp = median(speedUps).toFixed(2)
  const [{ cells, serial }] = rows
  return {
    note: `Each of ${cells.toLocaleString('en')} cells is a call of about ${(serial / cells).toFixed(1)} ms. All are identical to those of the serial loop, bit for bit. Median speed-up: ${speedUp}.`,
    rows: rows.map(({ serial, parallel }, i) => ({
      run: i + 1,
      'serial s': (serial / 1000).toFixed(2),
      'parallel s': (parallel / 1000).toFixed(2),
      'speed-up': speedUps[i].toFixed(2),
    })),
    figures: [
      {
        what: `the climate example, calls of about ${(serial / cells).toFixed(1)} ms`,
        figure: `${speedUp} times as fast as serially`,
      },
    ],
  }
}
