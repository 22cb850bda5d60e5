// The real data: annual precipitation of 2016 in mm from NOAA's CFSv2, one value per degree.

import { readFileSync } from 'node:fs'

/** Degrees, and mm a year. Typed arrays stay as fast as they are when the grid is shared: freezing does not touch them. */
export interface Grid {
  readonly lats: Float64Array
  readonly lons: Float64Array
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
    lats: Float64Array.from({ length: height }, (_, row) => translate[1] + scale[1] * row),
    lons: Float64Array.from({ length: width }, (_, column) => translate[0] + scale[0] * column),
    values: Float64Array.from(values),
  }
}
