import { SerializationError } from '../errors.js'
import type { Change, Outcome, Reply } from '../protocol.js'
import { Encoder } from '../values/encoder.js'
import { isError } from '../values/failure.js'
import { KnownObjects } from '../values/known.js'
import { isPrimitive } from '../values/primitive.js'
import type { Recorder } from '../values/record.js'
import { simpleCopy } from '../values/simple.js'
import { clarified } from './clarified.js'
import { plainCopy } from './failure.js'
import type { Scene } from './scene.js'

/** What came of a call that is not a mere primitive. */
export class Finished {
  readonly reply: Reply

  constructor(reply: Reply) {
    this.reply = reply
  }
}

/** How a call ended: what its method returned or threw, and what it did to the objects that it saw. */
export class Ending {
  readonly #name: string
  readonly #scene: Scene
  readonly #recorder: Recorder | undefined

  /** `name` is what users call the method. */
  constructor(name: string, scene: Scene, recorder: Recorder | undefined) {
    this.#name = name
    this.#scene = scene
    this.#recorder = recorder
  }

  /** The result as it crosses; `spoil` is told which snapshots must be made anew. */
  of(threw: boolean, value: unknown, spoil: (ids: readonly number[]) => void): unknown | Finished {
    try {
      const { patch, spoiled } = this.#scene.changes()
      spoil(spoiled)
      if (!threw && patch.length === 0 && this.#recorder === undefined) {
        if (isPrimitive(value)) return value
        const copy = this.#simpleCopy(value as object)
        if (copy !== undefined) return copy
      }
      // Locks come last: nothing can be written after them.
      if (this.#recorder !== undefined) {
        const locks = takeLocks(patch)
        patch.splice(0, patch.length, ...this.#recorder.patch(patch), ...locks)
      }
      return new Finished(this.#encode(threw, threw ? clarified(this.#name, value) : value, patch))
    } catch (error) {
      spoil(this.#scene.ids)
      return new Finished(this.#encode(true, error, []))
    }
  }

  // Unless it is an object that the call was given: the caller gets its own back.
  #simpleCopy(value: object): object | undefined {
    const copy = simpleCopy(value)
    return copy === undefined || this.#scene.graphs.some((graph) => graph.numberOf(value) !== undefined)
      ? undefined
      : copy
  }

  #encode(threw: boolean, value: unknown, changes: readonly Change[]): Reply {
    const known = new KnownObjects(this.#scene.graphs)
    const patch = changes.map((change): Change => {
      const [operation, target, key, now, had, before] = change
      const own = [known.own(key), known.own(before)]
      return Object.is(own[0], key) && Object.is(own[1], before)
        ? change
        : [operation, target, own[0], now, had, own[1]]
    })
    const encoder = new Encoder({ known, instead: this.#recorder?.instead })
    if (threw) trimStack(value)
    // First by themselves, so that a path begins where the user's value does.
    try {
      encoder.root(value, `${threw ? 'the error thrown by' : 'the result of'} ${this.#name}`)
    } catch (cause) {
      if (!threw || !isError(value)) throw cause
      throw new SerializationError((cause as Error).message, { cause: plainCopy(value) })
    }
    for (const [, , key, now] of patch)
      for (const part of [key, now]) encoder.root(part, `what ${this.#name} wrote to its arguments or to this`)
    const outcome: Outcome = [threw, value, patch, this.#recorder?.reads]
    const number = encoder.add(outcome as unknown as object, 'the outcome')
    encoder.takeMoved()
    return { outcome: number, encoded: encoder.finish() }
  }
}

function takeLocks(patch: Change[]): Change[] {
  const locks = patch.filter(([operation]) => operation === 'freeze')
  if (locks.length > 0) patch.splice(0, patch.length, ...patch.filter(([operation]) => operation !== 'freeze'))
  return locks
}

const OWN_FRAMES = new URL('.', import.meta.url).href

// From the frames of an error, those of the method and what it called.
function trimStack(error: unknown): void {
  if (!isError(error) || typeof error.stack !== 'string' || !Object.isExtensible(error)) return
  const lines = error.stack.split('\n')
  const ours = lines.findIndex((line) => line.includes(OWN_FRAMES))
  if (ours > 0)
    Object.defineProperty(error, 'stack', {
      value: lines.slice(0, ours).join('\n'),
      writable: true,
      configurable: true,
    })
}
