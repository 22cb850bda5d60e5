// Prices of options by simulation, against the closed form. An argument gives more paths, and so smaller errors:
// node build/examples/options/main.js 16

import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { sideBySide } from '../side-by-side.js'
import { drawPrices } from './chart.js'
import { blackScholes, estimate, type Option, type Payoffs, simulate } from './price.js'
import { Pricing } from './pricing.js'

const scale = Number(process.argv[2] ?? 1)
const parts = 20 * scale
const paths = 20_000
const options: Option[] = Array.from({ length: 31 }, (_, index) => ({
  spot: 100,
  strike: 70 + 2 * index,
  rate: 0.03,
  volatility: 0.25,
  years: 1,
}))

const { serial, parallel } = await sideBySide<Payoffs[][]>(
  () =>
    options.map((option, index) =>
      Array.from({ length: parts }, (_, part) => simulate(option, paths, index * parts + part)),
    ),
  () => new Pricing().simulateAll(options, parts, paths),
)
assert.deepEqual(parallel, serial)

// John C. Hull, "Options, Futures, and Other Derivatives", the example of the chapter on the Black-Scholes-Merton model.
const hull: Option = { spot: 42, strike: 40, rate: 0.1, volatility: 0.2, years: 0.5 }
assert.equal(blackScholes(hull).toFixed(2), '4.76')

const rows = options.map((option, index) => {
  const { price, error } = estimate(parallel[index]!)
  const exact = blackScholes(option)
  return { strike: option.strike, price, error, exact, errors: (price - exact) / error }
})
// An error of four standard errors comes once in 16,000 times: the seeds being fixed, it does not come at all.
for (const { strike, errors } of rows) assert.ok(Math.abs(errors) < 4, `strike ${strike}: ${errors} standard errors`)
const worst = rows.reduce((worst, row) => (Math.abs(row.errors) > Math.abs(worst.errors) ? row : worst))
console.log(
  `${options.length} prices of ${(parts * paths).toLocaleString('en')} paths each; the farthest from the closed form, at strike ` +
    `${worst.strike}, is ${worst.price.toFixed(4)} instead of ${worst.exact.toFixed(4)}: ${Math.abs(worst.errors).toFixed(1)} standard errors`,
)
writeFileSync('options.png', drawPrices(rows))
console.log('wrote options.png')
