import type { Profiles } from '../profiles.js'

/**
 * Runs a job until nothing more is learnt of its methods: which calls wait for each other, because they may change what the others see, is
 * then the same in every further run, whatever has run before in this process.
 */
export async function settled<T>(profiles: Profiles, run: () => Promise<T>, isEnough = (_: T) => false): Promise<T> {
  for (let tries = 1; ; tries++) {
    const { knowledge } = profiles
    const result = await run()
    if (profiles.knowledge === knowledge || tries === TRIES || isEnough(result)) return result
  }
}

// Three calls of a method convince; what they change is found out one after the other.
const TRIES = 12
