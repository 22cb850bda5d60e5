import { type Packable, pack, unpack } from './pack.js'
import { countOf, countsOf, listOf, textOf } from './shape.js'

/** Calls that nobody waits for any more. */
export interface Cancel {
  readonly producer: string
  /** `undefined`: all batches of the producer. */
  readonly batch: number | undefined
  /** Their places in the batch. `undefined`: all. */
  readonly calls: readonly number[] | undefined
}

export function packCancel({ producer, batch, calls }: Cancel): Buffer {
  return pack([producer, batch ?? null, calls ?? null])
}

/** @throws {SerializationError} for anything that `packCancel` has not written */
export function unpackCancel(bytes: Uint8Array): Cancel {
  const [producer, batch, calls] = listOf(unpack(bytes), 'what cancels calls', 3)
  const orAll = <T>(packed: Packable | undefined, read: (packed: Packable | undefined) => T) =>
    packed === null ? undefined : read(packed)
  return {
    producer: textOf(producer, 'a producer'),
    batch: orAll(batch, (number) => countOf(number, 'the number of a batch')),
    calls: orAll(calls, (places) => countsOf(places, 'the places of calls')),
  }
}
