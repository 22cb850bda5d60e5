import { concurrent, Job, synchronized } from 'deco-ts'
import type { Scene } from './scene.js'
import { type Picture, paintTile } from './trace.js'

export class RayTracer extends Job {
  /** Puts its own tile into the caller's picture: what each call has changed appears there. */
  @concurrent
  paint(scene: Scene, picture: Picture, tile: number): void {
    paintTile(scene, picture, tile)
  }

  @synchronized
  async render(scene: Scene, picture: Picture): Promise<Picture> {
    for (let tile = 0; tile < picture.columns * picture.rows; tile++) this.paint(scene, picture, tile)
    await this.wait()
    return picture
  }
}
