import { along, cross, minus, normalized, plus, times, type Vector } from './vector.js'

/** Mirroring balls on a chequered floor at height -1. */
export interface Scene {
  /** Of each ball its centre, radius and generation. */
  readonly balls: Float64Array
}

/** Where the light comes from. */
export const sun = normalized([-3, 4, -2])

/** Eric Haines's sphereflake: on each ball sit nine of a third of its size, `generations` deep. */
export function sphereflake(generations: number): Scene {
  const balls: number[] = []
  const add = (centre: Vector, radius: number, axis: Vector, generation: number) => {
    balls.push(...centre, radius, generation)
    if (generation === generations) return
    // Six around the equator, three halfway to the pole.
    for (let i = 0; i < 9; i++) {
      const [turn, height] = i < 6 ? [i / 6, 0] : [(i - 5.5) / 3, Math.sin(Math.PI / 3.3)]
      const direction = around(axis, turn * 2 * Math.PI, height)
      add(along(centre, direction, (radius * 4) / 3), radius / 3, direction, generation + 1)
    }
  }
  add([0, 0, 0], 1, normalized([0.2, 1, -0.2]), 0)
  return { balls: Float64Array.from(balls) }
}

/** The direction at this angle around an axis, as far up along it as `height`. */
function around(axis: Vector, angle: number, height: number): Vector {
  const side = normalized(cross(axis, Math.abs(axis[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]))
  const radius = Math.sqrt(1 - height * height)
  const level = plus(times(side, radius * Math.cos(angle)), times(cross(axis, side), radius * Math.sin(angle)))
  return along(level, axis, height)
}

/** What a ray meets: how far away, where, which way the surface faces, its colour, and how much of the light it mirrors. */
export interface Hit {
  readonly point: Vector
  readonly normal: Vector
  readonly colour: Vector
  readonly mirrored: number
}

// From the largest balls to the smallest.
const colours: readonly Vector[] = [
  [0.75, 0.08, 0.05],
  [0.95, 0.4, 0.05],
  [0.98, 0.75, 0.2],
  [0.9, 0.9, 0.8],
]

/** The nearest thing that a ray meets, if any. */
export function nearest({ balls }: Scene, from: Vector, direction: Vector): Hit | undefined {
  let distance = direction[1] < 0 ? (-1 - from[1]) / direction[1] : Number.POSITIVE_INFINITY
  let ball = -1
  for (let i = 0; i < balls.length; i += 5) {
    const to = distanceTo(balls, i, from, direction)
    if (to < distance) {
      distance = to
      ball = i
    }
  }
  if (distance === Number.POSITIVE_INFINITY) return undefined
  const point = along(from, direction, distance)
  if (ball === -1) return { point, normal: [0, 1, 0], colour: floorAt(point), mirrored: 0.1 }
  const centre: Vector = [balls[ball]!, balls[ball + 1]!, balls[ball + 2]!]
  const normal = times(minus(point, centre), 1 / balls[ball + 3]!)
  return { point, normal, colour: colours[balls[ball + 4]! % colours.length]!, mirrored: 0.3 }
}

/** Whether a ray meets a ball. */
export function meetsBall({ balls }: Scene, from: Vector, direction: Vector): boolean {
  for (let i = 0; i < balls.length; i += 5)
    if (distanceTo(balls, i, from, direction) < Number.POSITIVE_INFINITY) return true
  return false
}

// How far a ray goes to a ball that it does not begin on. The innermost loop: numbers alone, no vectors.
function distanceTo(balls: Float64Array, ball: number, from: Vector, direction: Vector): number {
  const x = balls[ball]! - from[0]
  const y = balls[ball + 1]! - from[1]
  const z = balls[ball + 2]! - from[2]
  const radius = balls[ball + 3]!
  const nearest = x * direction[0] + y * direction[1] + z * direction[2]
  const half = radius * radius - (x * x + y * y + z * z - nearest * nearest)
  if (half < 0) return Number.POSITIVE_INFINITY
  const distance = nearest - Math.sqrt(half)
  return distance > 1e-6 ? distance : Number.POSITIVE_INFINITY
}

function floorAt([x, , z]: Vector): Vector {
  const isDark = (Math.floor(x * 1.5) + Math.floor(z * 1.5)) % 2 !== 0
  return isDark ? [0.06, 0.07, 0.1] : [0.55, 0.55, 0.52]
}
