import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { shared } from 'deco-ts'
import { Climate } from './climate.js'
import { annualPrecipitation } from './grid.js'
import { drawMaps } from './maps.js'
import { progressLine } from './progress.js'
import { type Cell, smooth } from './smooth.js'

const radiusKm = 5000
const widthKm = 1600
const grid = annualPrecipitation()
const total = grid.values.length
console.log(`${total.toLocaleString('en')} cells, each smoothed over ${radiusKm} km with a Gaussian of ${widthKm} km`)

const serialStart = performance.now()
const serialProgress = progressLine('serial  ')
const serial = new Map<string, Cell>()
for (const lat of grid.lats)
  for (const lon of grid.lons) {
    serial.set(`${lat},${lon}`, smooth(lat, lon, grid, radiusKm, widthKm))
    serialProgress({ done: serial.size, total })
  }
const serialSeconds = (performance.now() - serialStart) / 1000
console.log(`serial    ${serialSeconds.toFixed(2)} s`)

const parallelStart = performance.now()
const climate = new Climate({ onProgress: progressLine('parallel') })
const results = await climate.processDataSet(shared(grid), radiusKm, widthKm)
const parallelSeconds = (performance.now() - parallelStart) / 1000
console.log(`parallel  ${parallelSeconds.toFixed(2)} s`)
console.log(`speed-up  ${(serialSeconds / parallelSeconds).toFixed(2)}`)

const identical = [...serial].filter(([key, { mean, anomaly }]) => {
  const cell = results.get(key)
  return Object.is(cell?.mean, mean) && Object.is(cell?.anomaly, anomaly)
})
console.log(`identical ${identical.length.toLocaleString('en')} of ${total.toLocaleString('en')} cells, bit for bit`)
assert.equal(identical.length, total)
assert.deepEqual([...results.keys()], [...serial.keys()])

const title = `Annual precipitation 2016, smoothed over great circles (σ = ${widthKm} km, radius ${radiusKm} km)`
writeFileSync('climate.png', drawMaps(title, grid, [...results.values()]))
console.log('wrote climate.png')
