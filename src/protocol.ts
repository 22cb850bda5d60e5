// What the two sides of a call say to each other, and the one seam behind which calls run. Imports nothing: the scheduler,
// every executor and the workers all speak through these types.

/** A class, by the module that a worker imports to get it and its place among that module's decorated classes. */
export interface ClassRef {
  readonly module: string | undefined
  readonly position: number
  readonly name: string
}

/** A concurrent method, by the class that declares it. */
export interface MethodRef extends ClassRef {
  readonly method: string
  /** Hash of the method's source, by which a worker sees that it found the same method. */
  readonly fingerprint: number
  /** The words of the source, where a worker may come to another source of the same method. */
  readonly words?: readonly string[]
}

/** A method as called on jobs of one class. Calls carry its `id` alone. */
export interface Route {
  readonly id: number
  readonly method: MethodRef
  readonly job: ClassRef
  /** What users call it: `Climate.processLatLon`. */
  readonly name: string
  /** How often a call is run again after its worker died or it took too long. */
  readonly retries: number
  /** Milliseconds that one execution may take. */
  readonly timeout?: number | undefined
}

/**
 * Objects, flattened so that structured clone carries them fast and nothing of them is lost: node after node on one tape.
 * `kinds[i]` says what node i is, `starts[i]` where its content begins, and `refs` which places of the tape hold not a
 * value but the number of a node.
 */
export interface Encoded {
  readonly kinds: readonly number[]
  readonly starts: readonly number[]
  readonly tape: readonly unknown[]
  readonly refs: readonly number[]
  readonly classes: readonly ClassRef[]
}

/** A snapshot of one object graph. Immutable; a worker that has it is sent its `id` alone. */
export interface Unit {
  readonly id: number
  readonly encoded: Encoded
  /** Used by more than one call: worth keeping in a worker. */
  readonly lasting: boolean
  /** Frozen on both sides: no call can change it. */
  readonly frozen: boolean
  /** What changes hands with the unit: it goes with the message, and can go once. */
  readonly transfer?: readonly unknown[]
}

/** Objects among the arguments: argument index, index of the unit (0 is the job's own), node within the unit, and so on. */
export type ObjectArguments = readonly number[]

/** What came of a call that is not a mere primitive: the objects that describe it, and which of them is the outcome. */
export interface Reply {
  readonly encoded: Encoded
  readonly outcome: number
}

/** Where a call ran, and when, in ms since 1970. Worker 0 is the program's own thread. */
export interface Span {
  readonly worker: number
  readonly batch: number
  readonly began: number
  readonly ended: number
}

/** A call as an executor sees it. Exactly one of `succeed`, `reply` and `fail` is called, once, unless it was cancelled. */
export interface ExecutorCall {
  /** Its place among the calls of its job, from 1 on. */
  readonly number: number
  readonly route: Route
  /** The same for the calls of one job: they leave in the order in which they came, and jobs take turns. */
  readonly job: object
  /** The job's own fields, and then the units of the arguments. */
  readonly units: readonly Unit[]
  /** Primitive arguments in their places; what stands in the places named by `objects` is ignored. */
  readonly args: readonly unknown[]
  readonly objects: ObjectArguments | undefined
  /** The units, by their places in `units`, of which it is to be told what the call reads. */
  readonly recorded: readonly number[]
  /** Nobody waits for it any more: need not be begun. */
  readonly isCancelled: boolean
  /** What is told of it to those who trace calls, if anybody does: see `CallTrace`. */
  readonly trace?: object | undefined
  /** The call is running, or next in line where it will run. */
  began(): void
  /**
   * Tells where it ran, before what came of it, and when: at `i` in `times` stands when it began, and after that when it ended. Only
   * calls that are traced need it.
   */
  ran?(worker: number, batch: number, times: Float64Array, i: number): void
  /** The method returned this primitive, or this new plain object or array of primitives, and changed nothing. */
  succeed(value: unknown): void
  /** Anything else that came of running the method; decoded against the objects of the call. */
  reply(reply: Reply): void
  /** The method could not be run at all. */
  fail(error: unknown): void
  /** So much of it is done, from 0 to 1, by its own account. Where nobody can tell, it is never called. */
  progressed?(fraction: number): void
  /** Tells once, when the call is committed or will never be. */
  after(tell: (call: { readonly isCommitted: boolean }) => void): void
}

/** Is told which calls travel together, in the order of the batches of each worker. Workers and batches are counted from 1 on. */
export type BatchWatcher = (worker: number, batch: number, calls: readonly ExecutorCall[]) => void

/** Where calls run. Jobs know nothing else of threads, processes or machines. */
export interface Executor {
  /** What users call it: `threads`. */
  readonly name: string
  /** Workers import the modules of classes: a class whose module is not known cannot run there. */
  readonly importsModules: boolean
  /**
   * Workers are other processes: what both sides would have in common (a SharedArrayBuffer), or what cannot be copied (a
   * MessagePort), is refused where the call is made. Default: false.
   */
  readonly isApart?: boolean
  /** What a call is given may hold so much memory, in bytes: more is refused where the call is made. Default: any amount. */
  readonly longest?: number
  /** So many calls of one job may be pending before a producing loop is to wait. Default: any number. */
  readonly maxPending?: number
  /** A call is about to be made: a worker may start while that is being encoded. */
  prepare?(): void
  /** Takes a call. It may start at once or wait for others to travel with. */
  submit(call: ExecutorCall): void
  /** Nothing more is coming for now: whatever waits for company leaves. */
  flush(): void
  /** Some calls have become cancelled: they need not be begun, and those that run may be stopped. */
  cancelled?(): void
  /** Takes in results that have arrived, without waiting. `false` if there were none. */
  poll(): boolean
  /**
   * Blocks the thread until results have arrived and takes them in, at most `milliseconds`.
   * @throws {DecoError} where this executor cannot block
   */
  block(milliseconds?: number): void
  /**
   * Looks in every worker whether calls have written to one of these units of shared values, which freezing cannot always
   * prevent, and tells `done` once, with an error if one has.
   */
  checkShared(units: readonly number[], done: (error?: unknown) => void): void
  /** Has a watcher told of every batch from now on. */
  watchBatches?(watcher: BatchWatcher): void
  /** Stops the workers that belong to this executor. Calls that are still open fail. */
  close(): Promise<void>
  /** The same: `await using executor = threads()`. */
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * What a method made of a call: whether it threw, what it returned or threw, the changes of the objects of the call, and what
 * it read of those units that were recorded; `undefined` where that cannot be told.
 */
export type Outcome = readonly [
  threw: boolean,
  value: unknown,
  patch: readonly Change[],
  reads?: readonly Reads[] | undefined,
]

/** What a call read of one object: keys, whether it saw which keys there are, and whether it may have read anything. */
export type Reads = readonly [object: object, keys: readonly unknown[], hasListed: boolean, isWhole: boolean]

/** One changed place: what was done, to which object, at which key, the new value, and what the call's snapshot held there. */
export type Change = readonly [
  operation: Operation,
  target: object,
  key?: unknown,
  value?: unknown,
  had?: boolean | undefined,
  before?: unknown,
]

export type Operation =
  | 'set'
  | 'delete'
  // Deletes and sets again: of an object, a Map or a Set.
  | 'renew'
  // The same with what is there, if anything is: for the caller's keys, which no worker changes so.
  | 'last'
  | 'length'
  | 'map.set'
  | 'map.delete'
  | 'set.add'
  | 'set.delete'
  | 'bytes'
  | 'time'
  | 'freeze'

/** Primitives; numbers alone are packed, which saves structured clone the look at each of them. */
export type Values = readonly unknown[] | Float64Array

/** A message with its place among all that went this way: none is lost, comes twice or out of order. */
export type Numbered<Message> = Message & { readonly number: number }

/** Main thread → lane. Calls lie side by side in flat arrays: structured clone pays by the object. */
export interface Batch {
  /** Routes that this lane has not seen. */
  readonly routes?: readonly Route[]
  /** Units that this lane does not hold, each by its number in `numbers`. */
  readonly units?: readonly Unit[]
  /** What is in the units and changes hands with the message. */
  readonly transfer?: readonly unknown[]
  /** Units that will not be named again. */
  readonly forget?: readonly number[]
  /** Asks, after all calls so far, whether they left these units of shared values alone. */
  readonly check?: readonly number[]
  /** Where in shared memory the worker counts the calls that it begins. */
  readonly slot: number
  /** Number of calls. */
  readonly calls: number
  /** Route of every call, or one for all. */
  readonly route: number | readonly number[]
  /** Number of arguments of every call, or one for all. */
  readonly count: number | readonly number[]
  readonly args: Values
  /** Call index, the ids of its units, and which are recorded, where they differ from those of the call before. */
  readonly states: readonly (readonly [call: number, units: readonly number[], recorded: readonly number[]])[]
  /** Call index and its object arguments. */
  readonly objects?: readonly (readonly [call: number, objects: ObjectArguments])[]
  /** Reports are to say when each call ran. */
  readonly isTimed?: true
}

/** Lane → main thread: results in the order in which the lane was given the calls. */
export interface Report {
  /** A primitive or a plain object of primitives each; ignored for calls named in `replies`. */
  readonly values: Values
  readonly replies?: readonly (readonly [index: number, reply: Reply])[]
  /** Calls that could not be run at all. */
  readonly failures?: readonly (readonly [index: number, error: Encoded])[]
  /** The answer to `check`: an error, or `null`. */
  readonly checked?: Encoded | null
  /** Milliseconds of the worker's own clock that each call took, or that they took together. */
  readonly times: number | readonly number[]
  /** When each call began and ended, one after the other, by the clock that all threads of a machine share: see `sinceBoot`. */
  readonly spans?: Float64Array
  /** The worker's last words: its exit code, and the error that nobody caught, in a list of its own, if that is what ends it. */
  readonly last?: { readonly exitCode: number; readonly error?: Encoded }
  /** The worker holds more memory than it may, and should be replaced. */
  readonly isFull?: true
  /** How much of a call is done, from 0 to 1, and how many calls before it are not reported yet; with no results. */
  readonly step?: readonly [before: number, fraction: number]
}

/** What a lane's worker is started with. */
export interface LaneSetup<Port = unknown> {
  readonly port: Port
  /** Counts batches sent; the worker sleeps on it. */
  readonly asked: Int32Array
  /** Counts reports of all lanes of an executor; a blocked main thread sleeps on it. */
  readonly answered: Int32Array
  /** Never used, only held: it closes when the worker ends. */
  readonly pulse: Port
}

/** How the program has loaded this package, and its workers must load it too. */
export interface LoadedAs {
  /** By a `require()` that does not give what an `import` gives: see `isTwin`. */
  readonly isTwin: boolean
}

/** What a worker thread is started with. */
export interface ThreadSetup<Port = unknown> extends LaneSetup<Port>, LoadedAs {
  /** Counts, for each batch in its slot, the calls that the worker has begun: see `Starts`. */
  readonly starts: Int32Array
  /** What its calls give back leaves this process. */
  readonly isApart: boolean
  /** What a call gives back may hold so much memory, in bytes. Default: any amount. */
  readonly longest?: number | undefined
  /** Results wait for others for so many ms. Default: a moment. */
  readonly reportAfter?: number | undefined
  /** Bytes of memory above which the worker asks to be replaced. */
  readonly recycleAbove?: number | undefined
}

/** What the thread is started with that stands for a worker process. */
export interface BridgeSetup<Port = unknown> extends LaneSetup<Port>, ProcessSetup {
  /** What is known of the process: see `ChildState`. */
  readonly child: Int32Array
  /** The command-line options of the process. */
  readonly execArgv: string[]
  readonly env: Record<string, string>
}

/** What a worker process is started with. */
export interface ProcessSetup extends LoadedAs {
  /** A file with such counts: see `FileStarts`. */
  readonly starts: string
  readonly recycleAbove?: number | undefined
}
