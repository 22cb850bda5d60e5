// Every error that a caller may want to catch. Each message names what could not be done, why, and the way out.

/** Base class of all errors that deco-ts itself raises. */
export class DecoError extends Error {
  static {
    DecoError.prototype.name = 'DecoError'
  }
}

/**
 * A value was used before its call had been committed: a pending slot of a target read where the thread may not block,
 * or a {@link Future} used as if it were the plain value.
 */
export class PendingReadError extends DecoError {
  static {
    PendingReadError.prototype.name = 'PendingReadError'
  }
}

/** Where two calls of one phase, or a call and its caller, touched the same place. */
export interface ConflictDetails {
  /** Class of the job. */
  readonly className: string
  /** Method of the call whose snapshot was stale. */
  readonly method: string
  /** Numbers of the two calls, the earlier first; one number where the caller itself made the change. */
  readonly calls: readonly number[]
  /** `argument 0`, `argument 1`, … or `this`. */
  readonly parameter: string
  /** The place below the parameter, such as `.total[3]`; empty for the parameter itself. */
  readonly path: string
}

/**
 * A call may have seen a place that an earlier call of the same phase changed, or the caller changed a place that a call
 * was about to write: committing it could differ from the serial run.
 */
export class ConflictError extends DecoError {
  /** What collided with what. */
  readonly details: ConflictDetails | undefined

  constructor(message: string, details?: ConflictDetails, options?: ErrorOptions) {
    super(message, options)
    this.details = details
  }

  static {
    ConflictError.prototype.name = 'ConflictError'
  }
}

/** A value cannot cross to a worker or back without losing what it is. */
export class SerializationError extends DecoError {
  static {
    SerializationError.prototype.name = 'SerializationError'
  }
}

/** A decorator was used where it cannot work, or a worker cannot find the class or the method. */
export class RegistrationError extends DecoError {
  static {
    RegistrationError.prototype.name = 'RegistrationError'
  }
}

/** What is known of a call that has ended its worker, or had to be ended with it. */
export interface FaultDetails {
  /** `Class.method` of the call. */
  readonly method?: string | undefined
  /** How often the call was tried. */
  readonly attempts?: number
}

/** What is known of the end of a worker. */
export interface CrashDetails extends FaultDetails {
  /** The code with which the worker ended, if it ended by itself. */
  readonly exitCode?: number | undefined
  /** The signal that ended it: processes only. */
  readonly signal?: string | undefined
}

/**
 * A worker died while it ran a call, or its executor was closed. `cause` is the error that ended the worker, where it was an
 * error that nobody caught.
 */
export class WorkerCrashError extends DecoError {
  /** `Class.method` of the call that ran when the worker died. */
  readonly method: string | undefined
  /** How often the call was tried: 1 more than the retries that it took. 0 if it was not begun. */
  readonly attempts: number
  /**
   * The code with which the worker ended. `undefined` where it gave none: it was stopped from outside, or it ran out of memory
   * while the main thread was blocked.
   */
  readonly exitCode: number | undefined
  /** The signal that ended the worker's process, such as `SIGKILL`; of a thread always `undefined`. */
  readonly signal: string | undefined

  constructor(message: string, details: CrashDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.method = details.method
    this.attempts = details.attempts ?? 0
    this.exitCode = details.exitCode
    this.signal = details.signal
  }

  static {
    WorkerCrashError.prototype.name = 'WorkerCrashError'
  }
}

/** A call ran longer than its `timeout`. */
export class TimeoutError extends DecoError {
  /** `Class.method` of the call. */
  readonly method: string | undefined
  /** How often the call was tried: 1 more than the retries that it took. */
  readonly attempts: number

  constructor(message: string, details: FaultDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.method = details.method
    this.attempts = details.attempts ?? 0
  }

  static {
    TimeoutError.prototype.name = 'TimeoutError'
  }
}

/**
 * A class in the program's entry script: a worker that imports the class would run the whole script again, and its jobs
 * would start workers of their own.
 */
export class EntryModuleError extends DecoError {
  static {
    EntryModuleError.prototype.name = 'EntryModuleError'
  }
}
