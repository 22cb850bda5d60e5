import { synchronized } from 'deco-ts'
import { Climate } from '../../examples/climate/climate.js'
import type { Grid } from '../../examples/climate/grid.js'
import type { Cell } from '../../examples/climate/smooth.js'

export class SomeClimate extends Climate {
  @synchronized
  async processRows(lats: Float64Array, grid: Grid, radiusKm: number, widthKm: number): Promise<Map<string, Cell>> {
    for (const lat of lats)
      for (const lon of grid.lons)
        this.results.set(`${lat},${lon}`, this.processLatLon(lat, lon, grid, radiusKm, widthKm))
    return this.results
  }
}
