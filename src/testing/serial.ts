import { inline } from '../executors/inline.js'
import type { Executor } from '../protocol.js'
import { Relay } from './relay.js'

/**
 * Switches the decorators off: each call runs at once where it is made, on the caller's own objects, and gives its plain value or
 * throws its own error. Nothing is copied, ordered or checked: this is the serial program that all executors must agree with.
 *
 * A call of an `async` method begins at once and gives a Future, as it does everywhere; the end of the `@synchronized` method
 * waits for it.
 *
 * @example
 * const climate = new Climate({ executor: serial() })
 */
export function serial(): Executor {
  return new Serial(inline(), true)
}

class Serial extends Relay {
  override get name(): string {
    return 'serial'
  }
}
