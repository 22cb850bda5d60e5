// The numerics: plain functions, called by the job in workers and by main.ts in its serial loop.

import { meetsBall, nearest, type Scene, sun } from './scene.js'
import { along, cross, dot, minus, normalized, plus, times, type Vector } from './vector.js'

/** A picture in tiles, row by row, each of `edge` by `edge` pixels: red, green, blue and opacity. */
export interface Picture {
  readonly columns: number
  readonly rows: number
  readonly edge: number
  readonly tiles: Uint8ClampedArray[]
}

/** Paints one tile. */
export function paintTile(scene: Scene, picture: Picture, tile: number): void {
  const { columns, rows, edge } = picture
  const [left, top] = [(tile % columns) * edge, Math.floor(tile / columns) * edge]
  const pixels = new Uint8ClampedArray(edge * edge * 4)
  for (let y = 0; y < edge; y++)
    for (let x = 0; x < edge; x++) {
      const across = (left + x) / (columns * edge) - 0.5
      const down = (top + y - (rows * edge) / 2) / (columns * edge)
      const light = lightThrough(scene, across, down, 1 / (columns * edge))
      pixels.set([...light.map(byteOf), 255], (y * edge + x) * 4)
    }
  picture.tiles[tile] = pixels
}

// Through one pixel: four rays smooth the edges.
function lightThrough(scene: Scene, across: number, down: number, width: number): Vector {
  let light: Vector = [0, 0, 0]
  for (const dx of [0.25, 0.75])
    for (const dy of [0.25, 0.75])
      light = plus(light, lightAlong(scene, eye, rayThrough(across + dx * width, down + dy * width), 0))
  return times(light, 1 / 4)
}

const eye: Vector = [-2.6, 1.9, -6.2]
const ahead = normalized(minus([0.1, 0.25, 0], eye))
const right = normalized(cross([0, 1, 0], ahead))
const up = cross(ahead, right)

// Through a point of the picture, which is as wide as it is far away.
function rayThrough(x: number, y: number): Vector {
  return normalized(along(along(times(ahead, 1.3), right, x), up, -y))
}

function lightAlong(scene: Scene, from: Vector, direction: Vector, mirrors: number): Vector {
  const hit = nearest(scene, from, direction)
  if (hit === undefined) return sky(direction)
  const { point, normal, colour, mirrored } = hit
  const isLit = !meetsBall(scene, point, sun)
  const own = times(colour, 0.25 + (isLit ? 0.85 * Math.max(0, dot(normal, sun)) : 0))
  if (mirrors === 4) return own
  const reflected = along(direction, normal, -2 * dot(direction, normal))
  return plus(times(own, 1 - mirrored), times(lightAlong(scene, point, reflected, mirrors + 1), mirrored))
}

function sky(direction: Vector): Vector {
  const height = Math.max(0, direction[1])
  const glare = Math.max(0, dot(direction, sun)) ** 200 * 3
  return [0.85 - 0.6 * height + glare, 0.9 - 0.4 * height + glare, 1 - 0.15 * height + glare]
}

/** Screens show brightness to the power of 2.2. */
function byteOf(light: number): number {
  return Math.round(255 * Math.min(1, light) ** (1 / 2.2))
}
