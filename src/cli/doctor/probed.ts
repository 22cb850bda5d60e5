// What the two ends of a probe say to each other; imports nothing, as both do.

import type { MessagePort } from 'node:worker_threads'

/** What the thread is given. */
export interface ProbeTask {
  /** URL of the module. */
  readonly url: string
  /** Where it tells. */
  readonly port: MessagePort
}

/** What the thread tells, through its process. */
export type Told =
  | { readonly seen: Seen }
  /** A process has been started, or has ended. */
  | { readonly child: number; readonly isGone: boolean }
  /** The thread has ended, before it told what it has seen. */
  | { readonly exitCode: number }
  | { readonly uncaught: PlainError }

/** A concurrent method, as it was registered. */
export interface FoundMethod {
  readonly class: string
  readonly method: string
  /** URL of the module that a worker imports to get the class. */
  readonly module: string | null
  readonly mutates: 'auto' | false | readonly number[]
  readonly onConflict: 'error' | 'rerun'
  /** In ms; `null` for none. */
  readonly timeout: number | null
  readonly retries: number
}

/** What a module does to others while it is imported. */
export interface Effects {
  /** What it prints, the beginning of it. */
  readonly printed: string
  /** Files that it writes to, or removes. */
  readonly writes: readonly string[]
  /** Where its servers listen. */
  readonly servers: readonly string[]
  /** What keeps running when the import is over. */
  readonly handles: readonly string[]
  /** What it changes in its process. */
  readonly changes: readonly string[]
}

/** An error, as plain data, with its causes. */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly cause?: PlainError
}

/** What the thread has seen. */
export interface Seen {
  readonly milliseconds: number
  readonly methods: readonly FoundMethod[]
  /** Modules of all classes that were registered, those without concurrent methods as well. */
  readonly modules: readonly (string | null)[]
  readonly effects: Effects
  readonly error?: PlainError
}

/** As plain data, so that nothing of an error keeps it from being sent. */
export function plainError(thrown: unknown, depth = 0): PlainError {
  if (!(thrown instanceof Error)) return { name: 'Error', message: String(thrown) }
  const { name, message, cause } = thrown
  const { code } = thrown as { code?: unknown }
  return {
    ...{ name: String(name), message: String(message) },
    ...(typeof code === 'string' && { code }),
    ...(cause !== undefined && depth < 5 && { cause: plainError(cause, depth + 1) }),
  }
}
