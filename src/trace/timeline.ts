import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { pageDataOf } from './page-data-of.js'
import type { Trace } from './trace.js'

// Built from page/: everything but the data. This lies beside it, as does the bundle that it becomes a part of.
const TEMPLATE = new URL('../trace/timeline.html', import.meta.url)
// Where the data belongs in it.
const PLACE = '"{{data}}"'

/**
 * Writes a trace as one HTML page that needs nothing else, and no network: the workers over time with zoom, pan and hover, how many of
 * them were busy, how many calls were pending, how long calls and how large batches were, the figures of each method, and a verdict.
 * @param file the path of the file, which is written anew
 */
export async function writeTimeline(trace: Trace, file: string | URL): Promise<void> {
  const template = await readFile(TEMPLATE, 'utf8')
  const [before, after] = template.split(PLACE) as [string, string]
  await pipeline(Readable.from([before, ...texts(pageDataOf(trace)), after]), createWriteStream(file))
}

// As text in pieces: all in one could be longer than a string can be.
function* texts(data: object, isWhole = true): Generator<string> {
  let before = '{'
  for (const [key, value] of Object.entries(data)) {
    yield `${before}${JSON.stringify(key)}:`
    if (isWhole && (key === 'calls' || key === 'batches')) yield* texts(value, false)
    else yield harmless(value)
    before = ','
  }
  yield '}'
}

// Within a script nothing ends it, nor begins a comment, where there is no `<`.
function harmless(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
