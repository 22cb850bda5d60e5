// The climate example beside its serial loop.

import { Climate } from '../build/examples/climate/climate.js'
import { annualPrecipitation } from '../build/examples/climate/grid.js'
import { smooth } from '../build/examples/climate/smooth.js'
import { shared } from '../dist/index.js'
import { median, report } from './report.mjs'

const runs = 3
const radiusKm = 5000
const widthKm = 1600
const grid = annualPrecipitation()
const rows = []
for (let run = 1; run <= runs; run++) {
  const serialStart = performance.now()
  const serial = new Map()
  for (const lat of grid.lats)
    for (const lon of grid.lons) serial.set(`${lat},${lon}`, smooth(lat, lon, grid, radiusKm, widthKm))
  const parallelStart = performance.now()
  const parallel = await new Climate().processDataSet(shared(grid), radiusKm, widthKm)
  const end = performance.now()
  const identical = [...serial].filter(([key, cell]) => Object.is(parallel.get(key)?.mean, cell.mean)).length
  rows.push({ run, serial: parallelStart - serialStart, parallel: end - parallelStart, identical })
}
const speedUps = rows.map(({ serial, parallel }) => serial / parallel)

report(
  'Climate',
  rows.map(({ run, serial, parallel, identical }, i) => ({
    run,
    'serial s': (serial / 1000).toFixed(2),
    'parallel s': (parallel / 1000).toFixed(2),
    'speed-up': speedUps[i].toFixed(2),
    'identical cells': identical,
  })),
  `Median speed-up: ${median(speedUps).toFixed(2)}.`,
)
