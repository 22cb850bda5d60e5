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

/** A worker died while it had calls to run. */
export class WorkerCrashError extends DecoError {
  static {
    WorkerCrashError.prototype.name = 'WorkerCrashError'
  }
}

/** A call ran longer than its `timeout`. */
export class TimeoutError extends DecoError {
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
