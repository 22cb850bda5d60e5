import { once } from 'node:events'
import { createConnection, createServer, type Server, type Socket } from 'node:net'

/** A way to a server on this machine that can be cut. */
export class Proxy {
  readonly port: number
  readonly #to: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #state: 'open' | 'cut' | 'silent' = 'open'

  private constructor(server: Server, to: number) {
    this.#server = server
    this.#to = to
    this.port = (server.address() as { port: number }).port
    server.on('connection', (socket) => this.#connect(socket))
  }

  static async start(to: number): Promise<Proxy> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Proxy(server, to)
  }

  /** What a client connects with. */
  get connection(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.port }
  }

  /** Ends all connections, and lets none come about. */
  cut(): void {
    this.#state = 'cut'
    for (const socket of this.#sockets) socket.destroy()
  }

  /** Lets nothing through any more, without a word. */
  silence(): void {
    this.#state = 'silent'
    for (const socket of this.#sockets) socket.pause()
  }

  /** All is well again. */
  heal(): void {
    this.#state = 'open'
    for (const socket of this.#sockets) socket.resume()
  }

  async close(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #connect(near: Socket): void {
    if (this.#state === 'cut') {
      near.destroy()
      return
    }
    const far = createConnection({ host: '127.0.0.1', port: this.#to })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (data) => to.write(data))
      from.on('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
      // Whatever it is, its other end hears of it.
      from.on('error', () => {})
      if (this.#state === 'silent') from.pause()
    }
  }
}
