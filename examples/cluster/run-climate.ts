// The job itself: compares what the hosts give with the serial loop, and draws the result and who computed which cell.

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { shared } from 'deco-ts'
import { bullmq } from 'deco-ts/bullmq'
import { annualPrecipitation } from '../climate/grid.js'
import { drawLayers, type Layer, layers } from '../climate/maps.js'
import { progressLine } from '../climate/progress.js'
import { type Cell, smooth } from '../climate/smooth.js'
import { ROOT } from './processes.js'
import { type OwnedCell, SharedClimate } from './shared-climate.js'

const radiusKm = 1500
const widthKm = 500

/** What came of it: how many cells each host computed. */
export type Shares = Readonly<Record<string, number>>

/**
 * Runs it on the hosts that serve the queue, whose names are `hosts`. `onProgress` is told how many cells are there.
 * @throws {AssertionError} if a cell differs from that of the serial loop
 */
export async function runClimate(
  { redis, queue, hosts, picture }: { redis: string; queue: string; hosts: readonly string[]; picture: string },
  onProgress: (progress: { done: number; total: number }) => void = progressLine('cluster'),
): Promise<Shares> {
  const grid = annualPrecipitation()
  const serialStart = performance.now()
  const serial = new Map<string, Cell>()
  for (const lat of grid.lats)
    for (const lon of grid.lons) serial.set(`${lat},${lon}`, smooth(lat, lon, grid, radiusKm, widthKm))
  console.log(`serial    ${seconds(serialStart)}`)

  await using executor = bullmq({ connection: redis, queue, root: ROOT })
  const start = performance.now()
  const climate = new SharedClimate({ executor, onProgress })
  const results = await climate.processDataSet(shared(grid), radiusKm, widthKm)
  console.log(`cluster   ${seconds(start)}`)

  assert.deepEqual([...results.keys()], [...serial.keys()])
  for (const [key, { host: _, ...cell }] of results) assert.deepStrictEqual(cell, serial.get(key))
  const shares = Object.fromEntries(hosts.map((host) => [host, 0]))
  for (const { host } of results.values()) shares[host]!++
  console.log(
    `identical ${results.size.toLocaleString('en')} of ${serial.size.toLocaleString('en')} cells, bit for bit`,
  )
  for (const [host, cells] of Object.entries(shares))
    console.log(`${host.padEnd(9)} ${cells.toLocaleString('en')} cells`)

  const title = `Annual precipitation 2016, smoothed (σ = ${widthKm} km), computed by ${hosts.join(' and ')}`
  writeFileSync(picture, drawLayers(title, grid, [...results.values()], [layers[0]!, ownersAmong(hosts)]))
  console.log(`wrote ${picture}`)
  return shares
}

// A colour for each host.
function ownersAmong(hosts: readonly string[]): Layer<OwnedCell> {
  return {
    title: 'Which host computed the cell',
    colours: ['#e8590c', '#3b82c4', '#2b8a3e', '#862e9c'].slice(0, Math.max(2, hosts.length)),
    ticks: [...hosts.keys()],
    labels: hosts,
    value: ({ host }) => hosts.indexOf(host),
  }
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(2)} s`
}
