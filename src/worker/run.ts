import { SerializationError } from '../errors.js'
import type { ClassRef, Encoded, ObjectArguments, Route, Unit } from '../protocol.js'
import { flatJob } from '../values/flat.js'
import { Graph } from '../values/graph.js'
import { malformed } from '../values/malformed.js'
import { isIntact } from '../values/patch.js'
import { isPrimitive } from '../values/primitive.js'
import { Recorder } from '../values/record.js'
import { stopWatching } from '../values/watch.js'
import { runAsCall, type StepListener } from './context.js'
import { Ending } from './ending.js'
import { encodeFailure } from './failure.js'
import { findMethod } from './modules.js'
import { type Held, Scene } from './scene.js'

interface Kept {
  readonly unit: Unit
  /** The objects of the unit, until a call has changed them. */
  held: Held | undefined
}

interface Found {
  readonly route: Route
  method: { run: Function } | undefined
}

/** Runs calls: decodes what they see, invokes the method, and collects what it returned and what it changed. */
export class Runner {
  readonly #routes = new Map<number, Found>()
  readonly #units = new Map<number, Kept>()
  readonly #import: (ref: ClassRef) => Promise<void> | undefined
  readonly #broken = new Map<string | undefined, unknown>()
  // What the last call saw.
  #scene: Scene | undefined
  // Shared values that were written to and are gone.
  readonly #written = new Set<number>()

  /** `importClass` brings a class into this thread; `undefined` says that it is there. */
  constructor(importClass: (ref: ClassRef) => Promise<void> | undefined) {
    this.#import = importClass
  }

  /** Takes in routes and units that are new. Returns a promise if modules must be imported for them. */
  learn(routes: readonly Route[] = [], units: readonly Unit[] = []): Promise<unknown> | undefined {
    const classes: ClassRef[] = []
    for (const route of routes) {
      this.#routes.set(route.id, { route, method: undefined })
      classes.push(route.job, route.method)
    }
    for (const unit of units) {
      this.#units.set(unit.id, { unit, held: undefined })
      classes.push(...unit.encoded.classes)
    }
    const imports = classes.flatMap((ref) => {
      const done = this.#import(ref)
      return done === undefined ? [] : [done.catch((error) => this.#broken.set(ref.module, error))]
    })
    return imports.length === 0 ? undefined : Promise.all(imports)
  }

  forget(units: readonly number[]): void {
    for (const id of units) {
      this.#noteWritten(id)
      this.#units.delete(id)
    }
    if (units.length > 0) this.#scene = undefined
  }

  /**
   * Runs a call. Whatever the method throws is part of what it gives: a primitive, a plain object of primitives, a `Finished`, or
   * a promise of one of these where the method is async. Outside workers `onStep` is told of its steps.
   * @throws what keeps the method from being run at all
   */
  run(
    routeId: number,
    unitIds: readonly number[],
    args: unknown[],
    objects: ObjectArguments | undefined,
    recorded: readonly number[],
    onStep?: StepListener,
  ): unknown {
    const { route, method } = this.#find(routeId)
    const scene = this.#sceneOf(unitIds)
    if (objects !== undefined) scene.place(args, objects)
    const recorder = recorded.length === 0 ? undefined : new Recorder(recorded.map((i) => scene.graphs[i]!))
    let value: unknown
    try {
      if (recorder === undefined) {
        stopWatching()
        value = runAsCall(method!.run, scene.job, args, onStep)
      } else value = runRecorded(recorder, method!, scene, args, onStep)
    } catch (error) {
      return this.#end(route, scene, recorder, true, error)
    }
    if (isPrimitive(value) && recorder === undefined && scene.isUntouched) return value
    if (!(value instanceof Promise)) return this.#end(route, scene, recorder, false, value)
    return value.then(
      (result) => this.#end(route, scene, recorder, false, result),
      (error) => this.#end(route, scene, recorder, true, error),
    )
  }

  /** The error for calls that have written to one of these shared values, if any has. The value is made anew. */
  checkShared(units: readonly number[]): Encoded | null {
    let error: SerializationError | undefined
    for (const id of units) {
      this.#noteWritten(id)
      if (!this.#written.has(id)) continue
      this.#makeAnew()
      this.#written.delete(id)
      error = new SerializationError(
        'Cannot write to a shared value: a concurrent method changed a typed array, Map, Set or Date that was passed through ' +
          'shared(), which is read-only. Way out: change a copy, or pass the value without shared().',
      )
    }
    return error === undefined ? null : encodeFailure(error)
  }

  #end(route: Route, scene: Scene, recorder: Recorder | undefined, threw: boolean, value: unknown): unknown {
    return new Ending(route.name, scene, recorder).of(threw, value, (ids) => this.#spoil(ids))
  }

  #find(id: number): Found {
    const found = this.#routes.get(id)
    if (found === undefined) throw malformed('it is a call of a method that has not been named')
    if (found.method === undefined) {
      const { job, method } = found.route
      for (const { module } of [job, method]) if (this.#broken.has(module)) throw this.#broken.get(module)
      found.method = findMethod(method)
    }
    return found
  }

  #sceneOf(ids: readonly number[]): Scene {
    if (!this.#scene?.isOf(ids)) this.#scene = new Scene(ids.map((id, i) => this.#hold(id, i === 0)))
    return this.#scene
  }

  #hold(id: number, isJob: boolean): Held {
    const kept = this.#units.get(id)
    if (kept === undefined) throw malformed('a call sees objects that have not been sent')
    const { encoded, frozen } = kept.unit
    for (const { module } of encoded.classes) if (this.#broken.has(module)) throw this.#broken.get(module)
    if (kept.held === undefined) {
      const graph = Graph.decode(encoded, undefined, (unit, node) => this.#hold(unit, false).graph.nodes[node]!)
      kept.held = { id, graph, frozen, flat: isJob ? flatJob(graph.described) : undefined }
    }
    return kept.held
  }

  #noteWritten(id: number): void {
    const kept = this.#units.get(id)
    if (kept?.held?.frozen && !isIntact(kept.held.graph)) this.#written.add(id)
  }

  // All objects: others refer to those of a shared value.
  #makeAnew(): void {
    this.#scene = undefined
    for (const [id, kept] of this.#units) {
      this.#noteWritten(id)
      kept.held = undefined
    }
  }

  // A call changed the objects of these units: the next call that sees them gets new ones.
  #spoil(ids: readonly number[]): void {
    if (ids.length === 0) return
    this.#scene = undefined
    for (const id of ids) {
      const kept = this.#units.get(id)
      // What was written to a shared one is still to be found.
      if (kept !== undefined && !kept.unit.frozen) kept.held = undefined
    }
  }
}

function runRecorded(
  recorder: Recorder,
  method: { run: Function },
  scene: Scene,
  args: unknown[],
  onStep?: StepListener,
): unknown {
  const shown = args.map((arg) => recorder.show(arg))
  return recorder.during(() => runAsCall(method.run, recorder.show(scene.job), shown, onStep))
}
