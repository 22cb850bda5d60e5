/** The keys of a queue in Redis, beside BullMQ's own. */
export class Keys {
  readonly #base: string

  constructor(prefix: string, queue: string) {
    this.#base = `${prefix}:${queue}:deco`
  }

  /** The ids of the hosts that serve the queue, those that are gone included. */
  get hosts(): string {
    return `${this.#base}:hosts`
  }

  /** The channel on which producers say which calls nobody waits for any more. */
  get cancels(): string {
    return `${this.#base}:cancels`
  }

  /** Number of lanes of a host, for as long as it lives. */
  host(id: string): string {
    return `${this.#base}:host:${id}`
  }

  /** There as long as a producer lives. */
  producer(id: string): string {
    return `${this.#base}:producer:${id}`
  }

  /** The stream of what hosts report to a producer. */
  reports(producer: string): string {
    return `${this.#base}:reports:${producer}`
  }

  /** A unit, by the hash of its bytes. */
  unit(hash: Uint8Array): string {
    return `${this.#base}:unit:${Buffer.from(hash).toString('base64url')}`
  }
}
