// The numerics: plain functions, called by the job in workers and by main.ts in its serial loop.

import { normal, uniform } from './random.js'

/** A European call option on a share that pays no dividend. Rates and volatility are per year. */
export interface Option {
  readonly spot: number
  readonly strike: number
  readonly rate: number
  readonly volatility: number
  readonly years: number
}

/** What some simulated paths pay, discounted: enough for a mean and its standard error. */
export interface Payoffs {
  readonly paths: number
  readonly sum: number
  readonly squares: number
}

/** Simulates where the share ends: the seed alone decides on which paths. */
export function simulate(option: Option, paths: number, seed: number): Payoffs {
  const { spot, strike, rate, volatility, years } = option
  const draw = normal(uniform(seed))
  const drift = (rate - volatility ** 2 / 2) * years
  const spread = volatility * Math.sqrt(years)
  const discount = Math.exp(-rate * years)
  let [sum, squares] = [0, 0]
  for (let path = 0; path < paths; path++) {
    const payoff = discount * Math.max(0, spot * Math.exp(drift + spread * draw()) - strike)
    sum += payoff
    squares += payoff * payoff
  }
  return { paths, sum, squares }
}

/** The mean of all payoffs, and its standard error. */
export function estimate(parts: readonly Payoffs[]): { price: number; error: number } {
  let [paths, sum, squares] = [0, 0, 0]
  for (const part of parts) {
    paths += part.paths
    sum += part.sum
    squares += part.squares
  }
  const price = sum / paths
  return { price, error: Math.sqrt((squares / paths - price ** 2) / (paths - 1)) }
}

/**
 * The closed form: equation 13 in Fischer Black and Myron Scholes, "The Pricing of Options and Corporate Liabilities", Journal of
 * Political Economy 81(3), 1973, pages 637 to 654.
 */
export function blackScholes({ spot, strike, rate, volatility, years }: Option): number {
  const spread = volatility * Math.sqrt(years)
  const d1 = (Math.log(spot / strike) + (rate + volatility ** 2 / 2) * years) / spread
  return spot * cumulativeNormal(d1) - strike * Math.exp(-rate * years) * cumulativeNormal(d1 - spread)
}

/** By its Taylor series: George Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 11(4), 2004. */
function cumulativeNormal(x: number): number {
  let [sum, term, before] = [x, x, 0]
  for (let i = 3; sum !== before; i += 2) {
    before = sum
    term *= (x * x) / i
    sum += term
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.5 * Math.log(2 * Math.PI))
}
