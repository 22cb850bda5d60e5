import { SerializationError } from '../errors.js'
import { markTarget } from '../target.js'
import type { Codec } from './codec.js'

/** A tracked target among the job's fields: it stays where it is. In a worker a stub stands in its place. */
export const stub: Codec = {
  write: (_, out) => out.raw(out.place()),
  create: (content) => stubOf(content.raw() as string),
}

/** What stands for a target that is found at `place`. */
export function stubOf(place: string): object {
  return markTarget(new Proxy({}, refusing(place)))
}

const TRAPS = Reflect.ownKeys(Reflect).filter((name) => typeof name === 'string')

function refusing(place: string): ProxyHandler<object> {
  const refuse = () => {
    throw new SerializationError(
      `Cannot use ${place} in a worker: tracked targets live with the job that owns them. Return the value, and let the ` +
        '@synchronized method put it into the target.',
    )
  }
  return Object.fromEntries(TRAPS.map((trap) => [trap, refuse]))
}
