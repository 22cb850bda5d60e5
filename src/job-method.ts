import { type CallSite, CallSites } from './call-site.js'
import type { MethodEntry } from './metadata.js'
import { type Profile, profileOf } from './profile.js'
import type { Route } from './protocol.js'

/** A concurrent method as one job calls it. */
export class JobMethod {
  readonly entry: MethodEntry
  readonly route: Route
  /** What is known of it from the calls of all jobs. */
  readonly profile: Profile
  readonly #sites = new CallSites()

  constructor(entry: MethodEntry, route: Route) {
    this.entry = entry
    this.route = route
    this.profile = profileOf(entry)
  }

  /** The line on which it is being called; `above` is the function whose caller stands there. */
  siteOf(above: Function): CallSite {
    return this.#sites.next(above)
  }
}
