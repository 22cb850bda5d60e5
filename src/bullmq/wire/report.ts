import type { Encoded, Reply, Values } from '../../protocol.js'
import { readGraph, writeGraph } from './graph.js'
import { type ModuleName, ModulesIn, ModulesOut } from './modules.js'
import { type Packable, pack, unpack } from './pack.js'
import { countOf, countsOf, flagOf, listOf, numbersOf, textOf } from './shape.js'
import { unreadable } from './unreadable.js'
import { readValues, SIMPLE_OBJECTS, writeValues } from './values.js'

/** What a host says of the calls of a batch. */
export interface HostReport {
  /** To whom, and of which batch. */
  readonly producer: string
  readonly batch: number
  /** Who says it. */
  readonly host: string
  /** How many lanes the host has. */
  readonly lanes: number
  /** The places in the batch of the calls that it is of, in the order of what follows. `undefined`: all, in their order. */
  readonly places?: readonly number[]
  /** Results, as in a `Report`. */
  readonly values: Values
  readonly replies: readonly (readonly [index: number, reply: Reply])[]
  readonly failures: readonly (readonly [index: number, error: Encoded])[]
  /** Milliseconds that each call took, or that they took together. */
  readonly times: number | readonly number[]
  /** Shared values that were written to: the places of their units, and the error. */
  readonly written: readonly (readonly [unit: number, error: Encoded])[]
  /** Nothing more is said of this batch. */
  readonly isLast: boolean
  /** Why the batch was not run, or that its units are no longer in Redis. */
  readonly refused?: Refusal | 'units missing'
}

/** Why a batch was not run. */
export interface Refusal {
  readonly error: Encoded
  /** Nothing of it was begun: without the call whose fault it is, others may be run. */
  readonly isDivisible: boolean
}

const VERSION = 1

/** Writes a report. */
export function packReport(report: HostReport, nameOf: (url: string) => ModuleName): Buffer {
  const modules = new ModulesOut(nameOf)
  const graph = (encoded: Encoded) => writeGraph(encoded, modules)
  const {
    producer,
    batch,
    host,
    lanes,
    places = null,
    values,
    replies,
    failures,
    times,
    written,
    isLast,
    refused,
  } = report
  return pack([
    VERSION,
    [producer, batch, host, lanes],
    places,
    writeValues(values, SIMPLE_OBJECTS),
    replies.map(([i, { encoded, outcome }]) => [i, graph(encoded), outcome]),
    failures.map(([i, error]) => [i, graph(error)]),
    times,
    written.map(([unit, error]) => [unit, graph(error)]),
    isLast,
    refused === undefined ? null : typeof refused === 'string' ? true : [graph(refused.error), refused.isDivisible],
    modules.pack(),
  ])
}

/**
 * Reads what `packReport` wrote. Replies are judged when they are decoded.
 * @throws {SerializationError} for anything else
 */
export function unpackReport(bytes: Uint8Array, urlOf: (name: ModuleName) => string): HostReport {
  const parts = listOf(unpack(bytes), 'a report')
  if (parts[0] !== VERSION) throw unreadable(`it is of version ${String(parts[0])}, and this is version ${VERSION}`)
  const [, by, places, values, replies, failures, times, written, isLast, refused, names] = parts
  const modules = new ModulesIn(names, urlOf)
  const [producer, batch, host, lanes] = listOf(by, 'who reports', 4)
  const results = readValues(values, SIMPLE_OBJECTS)
  const indexed = <T>(packed: Packable | undefined, read: (parts: readonly Packable[]) => T, most?: number) =>
    listOf(packed, 'a list of a report').map((item): [number, T] => {
      const list = listOf(item, 'an item of a report')
      return [countOf(list[0], 'the place of an item', most), read(list)]
    })
  const last = results.length - 1
  const read: HostReport = {
    producer: textOf(producer, 'a producer'),
    batch: countOf(batch, 'the number of a batch'),
    host: textOf(host, 'a host'),
    lanes: countOf(lanes, 'the lanes of a host', MOST_LANES),
    ...(places !== null && { places: countsOf(places, 'the places of calls') }),
    values: results,
    replies: indexed(replies, ([, graph, outcome]) => readReply(graph, outcome, modules), last),
    failures: indexed(failures, ([, graph]) => readGraph(graph, modules), last),
    times: readTimes(times),
    written: indexed(written, ([, graph]) => readGraph(graph, modules)),
    isLast: flagOf(isLast, 'a report'),
    ...(refused !== null && { refused: refused === true ? 'units missing' : readRefusal(refused, modules) }),
  }
  if (read.places !== undefined && read.places.length !== results.length)
    throw unreadable('a report has not a result for each of its calls')
  if (typeof read.times !== 'number' && read.times.length !== results.length)
    throw unreadable('a report has not a time for each of its calls')
  return read
}

// No machine has more.
const MOST_LANES = 2 ** 16

function readReply(graph: Packable | undefined, outcome: Packable | undefined, modules: ModulesIn): Reply {
  return { encoded: readGraph(graph, modules), outcome: countOf(outcome, 'an outcome') }
}

function readRefusal(packed: Packable | undefined, modules: ModulesIn): Refusal {
  const [error, isDivisible] = listOf(packed, 'a refusal', 2)
  return { error: readGraph(error, modules), isDivisible: flagOf(isDivisible, 'a refusal') }
}

function readTimes(packed: Packable | undefined): number | readonly number[] {
  const times = numbersOf(Array.isArray(packed) ? packed : [packed ?? null], 'the times of calls')
  if (!times.every((time) => time >= 0 && time < Number.POSITIVE_INFINITY)) throw unreadable('a time is none')
  return Array.isArray(packed) ? times : times[0]!
}
