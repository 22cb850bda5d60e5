import type { MethodEntry } from './metadata.js'
import { Profile } from './profile.js'
import type { Executor } from './protocol.js'

/** What is known of methods. */
export class Profiles {
  readonly #profiles = new Map<MethodEntry, Profile>()

  of(method: MethodEntry): Profile {
    let profile = this.#profiles.get(method)
    if (profile === undefined) {
      profile = new Profile(method)
      this.#profiles.set(method, profile)
    }
    return profile
  }

  /** All that is known so far, to be compared with what is known later. */
  get knowledge(): string {
    return [...this.#profiles.values()].map(({ knowledge }) => knowledge).join('\n')
  }
}

const common = new Profiles()
const apart = new WeakMap<Executor, Profiles>()

/** What the jobs of an executor know of methods: what all jobs do, unless it learns apart. */
export function profilesOf(executor: Executor): Profiles {
  return apart.get(executor) ?? common
}

/** Has the jobs of an executor learn by themselves, so that what they do does not depend on what has run before. */
export function learnApart(executor: Executor, profiles: Profiles): void {
  apart.set(executor, profiles)
}
