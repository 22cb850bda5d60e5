import type { MessagePort } from 'node:worker_threads'
import { encodeFailure } from '../worker/failure.js'
import type { BridgeSetup, FromBridge, ToBridge } from './bridge-messages.js'
import { Producer } from './producer.js'

/**
 * A thread that speaks with Redis for the main thread, which may block meanwhile: sending commands, and hearing of what hosts
 * report, takes an event loop that turns.
 */
export default async function bridge({
  port,
  pulse,
  answered,
  producer: options,
}: BridgeSetup<MessagePort>): Promise<void> {
  const tell = (message: FromBridge) => {
    port.postMessage(message)
    Atomics.add(answered, 0, 1)
    Atomics.notify(answered, 0)
  }
  const left = new Promise<void>((resolve) => {
    port.once('close', resolve)
    port.on('message', (message: ToBridge) => 'close' in message && resolve())
  })
  try {
    const producer = new Producer(options, tell)
    port.on('message', (message: ToBridge) => producer.receive(message))
    await left
    await producer.close()
  } catch (error) {
    tell({ broken: encodeFailure(error) })
  }
  // When its task is done this thread sleeps: until then the other ends have to know.
  port.close()
  pulse.close()
}
