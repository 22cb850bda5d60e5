import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'
import type { Grid } from '../climate/grid.js'
import { type Cell, smooth } from '../climate/smooth.js'

/** A cell, and the name of the host that computed it. */
export interface OwnedCell extends Cell {
  readonly host: string
}

/** The climate example, where each cell says who computed it. */
export class SharedClimate extends Job {
  readonly results = new TrackedMap<string, OwnedCell>()

  @concurrent
  processLatLon(lat: number, lon: number, grid: Grid, radiusKm: number, widthKm: number): OwnedCell {
    return { ...smooth(lat, lon, grid, radiusKm, widthKm), host: process.env.HOST_NAME ?? 'here' }
  }

  @synchronized
  async processDataSet(grid: Grid, radiusKm: number, widthKm: number): Promise<Map<string, OwnedCell>> {
    for (const lat of grid.lats)
      for (const lon of grid.lons)
        this.results.set(`${lat},${lon}`, this.processLatLon(lat, lon, grid, radiusKm, widthKm))
    return this.results
  }
}
