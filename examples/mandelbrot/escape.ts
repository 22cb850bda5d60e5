// The numerics: plain functions, called by the job in workers and by main.ts in its serial loop.

/** A part of the plane: `across` wide, as many rows as fit the picture. */
export interface View {
  readonly real: number
  readonly imaginary: number
  readonly across: number
}

const most = 2000

/** One row of a picture of `width` by `height` points: how long each point takes to escape, or infinity if it does not. */
export function escapeRow(view: View, row: number, width: number, height: number): Float32Array {
  const step = view.across / width
  const imaginary = view.imaginary + (height / 2 - row - 0.5) * step
  return Float32Array.from({ length: width }, (_, column) =>
    escapeTime(view.real + (column + 0.5 - width / 2) * step, imaginary),
  )
}

// How often z ↦ z² + c is applied until |z| > 16, with a fraction that makes the bands between the counts smooth.
function escapeTime(real: number, imaginary: number): number {
  let [x, y] = [0, 0]
  for (let count = 0; count < most; count++) {
    const [x2, y2] = [x * x, y * y]
    if (x2 + y2 > 256) return count + 1 - Math.log2(Math.log2(x2 + y2) / 2)
    y = 2 * x * y + imaginary
    x = x2 - y2 + real
  }
  return Number.POSITIVE_INFINITY
}
