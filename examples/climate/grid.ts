// The real data: annual precipitation of 2016 in mm from NOAA's CFSv2, one value per degree.

import { readFileSync } from 'node:fs'

export interface Grid {
  readonly lats: readonly number[]
  readonly lons: readonly number[]
  /** Row by row, in the order of `lats` and `lons`. */
  readonly values: Float64Array
}

/**
 * `scale` and `translate` are read as the place of each value: row r and column c lie at latitude 87 - r and
 * longitude c - 180, the whole-degree points of the CFSv2 grid. (Moved by half a cell, as pixels would be, the
 * rain of islands and coasts fits the land beneath it less well.)
 */
export function annualPrecipitation(): Grid {
  // The package exports only its index, so the file is found from there.
  const file = new URL('../data/annual-precip.json', import.meta.resolve('vega-datasets'))
  const { width, height, scale, translate, values } = JSON.parse(readFileSync(file, 'utf8'))
  return {
    lats: Array.from({ length: height }, (_, row) => translate[1] + scale[1] * row),
    lons: Array.from({ length: width }, (_, column) => translate[0] + scale[0] * column),
    values: Float64Array.from(values),
  }
}
