import { bytes, counted, duration, whole } from '../src/trace/plain.js'
import { KIND, type Picture } from './data.js'

/** What is said of a span: a headline, and a value for each of some names. */
export interface Description {
  readonly title: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** The method that ran, for its colour. */
  readonly method?: number
}

/** Says what a span is. */
export function describe(picture: Picture, row: number, span: number): Description {
  const { spans } = picture.rows[row]!
  const item = spans.item[span]!
  const length = spans.to[span]! - spans.from[span]!
  const kind = spans.kind[span]!
  if (kind === KIND.commit) {
    const calls = picture.data.commits.calls[item]!
    return {
      title: 'Commit',
      facts: [
        ['calls', whole(calls)],
        ['took', duration(length)],
      ],
    }
  }
  if (kind === KIND.making) {
    const { title, method } = callOf(picture, item)
    return { title: `Makes ${title}`, facts: [['took', duration(length)]], method }
  }
  return describeCall(picture, item, length, kind)
}

function describeCall(picture: Picture, call: number, ran: number, kind: number): Description {
  const { calls, ticks, jobs } = picture.data
  const { title, method } = callOf(picture, call)
  const of = (column: readonly number[]) => column[call]! / ticks
  const [ready, began, over] = [of(calls.ready), of(calls.began), of(calls.over)]
  const ended = began + of(calls.ran)
  const job = `${jobs[calls.job[call]!]}, phase ${whole(calls.phase[call]!)}`
  const facts: [string, string][] = [
    ['arguments', calls.args[call] || 'none'],
    ['job', job],
    ['made at', duration(picture.made[call]!)],
  ]
  const inputs = picture.inputs.get(call)
  if (inputs !== undefined) facts.push(['given results of', inputs.map((number) => `#${whole(number)}`).join(', ')])
  if (ready > 0) facts.push(['held back', duration(ready)])
  if (kind === KIND.stale) facts.push(['ran in vain', `${duration(ran)}: its snapshot was stale`])
  facts.push(
    ['queued', duration(Math.max(0, began - ready))],
    ['ran', duration(of(calls.ran))],
    ['until commit', duration(Math.max(0, over - ended))],
  )
  const batch = picture.batches.get(`${calls.worker[call]} ${calls.batch[call]}`)
  if (batch !== undefined) facts.push(['batch', batchOf(picture, batch)])
  facts.push(['bytes', `${bytes(calls.bytesOut[call]!)} out, ${bytes(calls.bytesIn[call]!)} in`])
  if (kind === KIND.dropped) facts.push(['outcome', 'dropped: an earlier call had failed'])
  const error = picture.errors.get(call)
  if (error !== undefined) facts.push(['failed', error])
  return { title, facts, method }
}

function callOf({ data }: Picture, call: number): { title: string; method: number } {
  const method = data.calls.method[call]!
  return { title: `${data.methods[method]} #${whole(data.calls.number[call]!)}`, method }
}

function batchOf({ data: { batches } }: Picture, batch: number): string {
  const size = counted(batches.calls[batch]!, 'call')
  return `${whole(batches.number[batch]!)}, of ${size}: ${bytes(batches.bytesOut[batch]!)} out, ${bytes(batches.bytesIn[batch]!)} in`
}
