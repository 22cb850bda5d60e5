import { type CallSite, CallSites } from './call-site.js'
import type { MethodEntry } from './metadata.js'
import type { Profile } from './profile.js'
import { profilesOf } from './profiles.js'
import type { Executor, Route } from './protocol.js'

/** A concurrent method as one job calls it. */
export class JobMethod {
  readonly entry: MethodEntry
  readonly route: Route
  /** What is known of it from the calls of other jobs, too. */
  readonly profile: Profile
  readonly #sites = new CallSites()

  constructor(entry: MethodEntry, route: Route, executor: Executor) {
    this.entry = entry
    this.route = route
    this.profile = profilesOf(executor).of(entry)
  }

  /** The line on which it is being called; `above` is the function whose caller stands there. */
  siteOf(above: Function): CallSite {
    return this.#sites.next(above)
  }
}
