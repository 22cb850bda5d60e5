import { readFileSync } from 'node:fs'

// Times are in µs, rounded to nanoseconds.
const ROUNDING = 0.002

/** An event of the Trace Event Format. */
export interface TraceEvent {
  readonly ph: string
  readonly name: string
  readonly cat?: string
  readonly pid: number
  readonly tid?: number
  readonly ts?: number
  readonly dur?: number
  readonly id?: number | string
  readonly args?: Readonly<Record<string, unknown>>
}

/** A file in the Trace Event Format. */
export interface TraceFile {
  readonly traceEvents: readonly TraceEvent[]
  readonly otherData: Readonly<Record<string, unknown>>
}

export function readTraceEvents(file: string): TraceFile {
  return JSON.parse(readFileSync(file, 'utf8')) as TraceFile
}

/**
 * What the format, and the programs that read it, would not accept: what a kind of event must have, slices of a thread that overlap
 * without one being in the other, asynchronous slices and flows without both ends, flows that begin or end in no slice.
 */
export function faultsOf({ traceEvents }: TraceFile): string[] {
  const faults: string[] = []
  const fault = (what: string, event: TraceEvent) => void faults.push(`${what}: ${JSON.stringify(event)}`)
  const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value)
  const slices = new Map<number, { from: number; to: number }[]>()
  const open = new Map<string, TraceEvent>()
  for (const event of traceEvents) {
    const { ph, name, pid, tid, ts, dur, id, cat, args } = event
    if (typeof name !== 'string' || !Number.isInteger(pid)) fault('no name or process', event)
    if (ph === 'M') {
      if (typeof args?.name !== 'string') fault('metadata without a name', event)
      continue
    }
    if (!isTime(ts)) fault('no time', event)
    if (ph === 'C') {
      if (!Object.values(args ?? {}).every(isTime)) fault('a counter that counts nothing', event)
      continue
    }
    if (!Number.isInteger(tid) || tid === 0) fault('no thread', event)
    const key = `${cat}\0${id}`
    switch (ph) {
      case 'X': {
        if (!isTime(dur) || dur! < 0) fault('no duration', event)
        const list = slices.get(tid!) ?? []
        slices.set(tid!, list)
        list.push({ from: ts!, to: ts! + dur! })
        break
      }
      case 'b':
      case 's':
        if (id === undefined || open.has(key)) fault('begins twice, or has no id', event)
        open.set(key, event)
        break
      case 'e':
      case 'f': {
        const began = open.get(key)
        if (began === undefined || began.ts! > ts!) fault('ends what has not begun', event)
        open.delete(key)
        break
      }
      default:
        fault('an unknown phase', event)
    }
  }
  for (const event of open.values()) fault('never ends', event)
  for (const [thread, list] of slices) {
    list.sort((a, b) => a.from - b.from || b.to - a.to)
    const above: number[] = []
    for (const { from, to } of list) {
      while (above.length > 0 && above.at(-1)! <= from + ROUNDING) above.pop()
      if (above.length > 0 && to > above.at(-1)! + ROUNDING)
        faults.push(`slices of thread ${thread} overlap at ${from}`)
      above.push(to)
    }
  }
  for (const event of traceEvents.filter(({ ph }) => ph === 's' || ph === 'f')) {
    const at = event.ts!
    const list = slices.get(event.tid!) ?? []
    if (!isWithin(list, at)) fault('a flow that touches no slice', event)
  }
  return faults
}

// In slices sorted by their beginnings.
function isWithin(slices: readonly { from: number; to: number }[], at: number): boolean {
  let low = 0
  let high = slices.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (slices[middle]!.from <= at + ROUNDING) low = middle + 1
    else high = middle
  }
  for (let i = low - 1; i >= 0 && i > low - 1000; i--) if (slices[i]!.to >= at - ROUNDING) return true
  return false
}
