import type { Encoded, Reply } from '../protocol.js'
import { packed } from '../values/pack.js'
import type { HostReport } from './wire/report.js'

/** What came of a call: a value that needs no description, a reply, or the error that kept it from being run. */
export type HostResult =
  | { readonly place: number; readonly route: number; readonly value: unknown }
  | { readonly place: number; readonly route: number; readonly reply: Reply }
  | { readonly place: number; readonly route: number; readonly failure: Encoded }

/** The part of a report that tells of calls. `all`: how many calls the batch has; `mean`: how long one of a route takes, in ms. */
export function reportOf(
  results: readonly HostResult[],
  all: number,
  mean: (route: number) => number,
): Pick<HostReport, 'places' | 'values' | 'replies' | 'failures' | 'times'> {
  const isWhole = results.length === all && results.every(({ place }, i) => place === i)
  const isOneRoute = results.every(({ route }) => route === results[0]!.route)
  const times = isOneRoute ? (results.length === 0 ? 0 : mean(results[0]!.route) * results.length) : undefined
  return {
    ...(!isWhole && { places: results.map(({ place }) => place) }),
    values: packed(results.map((result) => ('value' in result ? result.value : undefined))),
    replies: results.flatMap((result, i) => ('reply' in result ? [[i, result.reply] as const] : [])),
    failures: results.flatMap((result, i) => ('failure' in result ? [[i, result.failure] as const] : [])),
    times: times ?? results.map(({ route }) => mean(route)),
  }
}
