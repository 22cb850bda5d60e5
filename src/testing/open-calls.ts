import type { ExecutorCall } from '../protocol.js'
import { type Arrival, RelayedCall } from './relay.js'

/** The calls that an executor has been given and that have not come back: whether there is anything to block for. */
export class OpenCalls {
  readonly #calls = new Set<ExecutorCall>()
  readonly #arrived: (pass: () => void, call: ExecutorCall) => void

  /** `arrived` hands on what came of a call. */
  constructor(arrived: (pass: () => void, call: ExecutorCall) => void = (pass) => pass()) {
    this.#arrived = arrived
  }

  /** The call to give to the executor in the place of this one. */
  add(call: ExecutorCall): ExecutorCall {
    const open = new OpenCall(call, (pass) => {
      this.#calls.delete(open)
      this.#arrived(pass, call)
    })
    this.#calls.add(open)
    return open
  }

  get isEmpty(): boolean {
    // Nothing need come of those that are cancelled.
    for (const call of this.#calls) {
      if (!call.isCancelled) return false
      this.#calls.delete(call)
    }
    return true
  }
}

class OpenCall extends RelayedCall {
  readonly #arrived: (pass: () => void) => void

  constructor(inner: ExecutorCall, arrived: (pass: () => void) => void) {
    super(inner)
    this.#arrived = arrived
  }

  protected override arrived(pass: () => void, _: Arrival): void {
    this.#arrived(pass)
  }
}
