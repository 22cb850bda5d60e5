// The numerics: plain functions, called by the job in workers and by main.ts in its serial loop.

import type { Grid } from './grid.js'

export interface Cell {
  /** Weighted mean of the cell's surroundings, in the grid's unit. */
  readonly mean: number
  /** The cell's own value minus that mean. */
  readonly anomaly: number
}

const earthRadiusKm = 6371
const degree = Math.PI / 180

/**
 * The mean of all cells within `radiusKm`, weighted by a Gaussian of great-circle distance with a standard deviation of
 * `widthKm`, and by the cosine of latitude: near a pole a cell of one degree by one degree stands for less area.
 */
export function smooth(lat: number, lon: number, grid: Grid, radiusKm: number, widthKm: number): Cell {
  const { lats, lons, values } = grid
  const width = lons.length
  const row = lats[0]! - lat
  const column = lon - lons[0]!
  let sum = 0
  let weights = 0
  for (let other = 0; other < lats.length; other++) {
    const otherLat = lats[other]!
    const reach = reachInDegrees(lat, otherLat, radiusKm)
    // East and west meet at 180 degrees: a row wholly within the radius must not count that cell twice.
    for (let step = -reach; step <= Math.min(reach, 179); step++) {
      const distanceKm = greatCircleKm(lat, otherLat, step)
      const weight = Math.exp(-(distanceKm ** 2) / (2 * widthKm ** 2)) * Math.cos(otherLat * degree)
      sum += weight * values[other * width + ((column + step + width) % width)]!
      weights += weight
    }
  }
  const mean = sum / weights
  return { mean, anomaly: values[row * width + column]! - mean }
}

function greatCircleKm(lat: number, otherLat: number, lonStep: number): number {
  const parallels = Math.cos(lat * degree) * Math.cos(otherLat * degree)
  const haversine = sinSquared((otherLat - lat) / 2) + parallels * sinSquared(lonStep / 2)
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(Math.min(1, haversine)))
}

/** How many whole degrees east and west along `otherLat` stay within the radius; -1 when the row is out of reach. */
function reachInDegrees(lat: number, otherLat: number, radiusKm: number): number {
  const radius = radiusKm / earthRadiusKm / degree
  if (Math.abs(otherLat - lat) > radius) return -1
  const parallels = Math.cos(lat * degree) * Math.cos(otherLat * degree)
  const haversine = (sinSquared(radius / 2) - sinSquared((otherLat - lat) / 2)) / parallels
  return Math.floor((2 * Math.asin(Math.sqrt(Math.min(1, haversine)))) / degree)
}

function sinSquared(degrees: number): number {
  return Math.sin(degrees * degree) ** 2
}
