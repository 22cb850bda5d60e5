import { concurrent, Job, synchronized, TrackedMap } from 'deco-ts'
import type { Grid } from './grid.js'
import { type Cell, smooth } from './smooth.js'

export class Climate extends Job {
  readonly results = new TrackedMap<string, Cell>()

  @concurrent
  processLatLon(lat: number, lon: number, grid: Grid, radiusKm: number, widthKm: number): Cell {
    return smooth(lat, lon, grid, radiusKm, widthKm)
  }

  @synchronized
  async processDataSet(grid: Grid, radiusKm: number, widthKm: number): Promise<Map<string, Cell>> {
    for (const lat of grid.lats)
      for (const lon of grid.lons)
        this.results.set(`${lat},${lon}`, this.processLatLon(lat, lon, grid, radiusKm, widthKm))
    return this.results
  }
}
