// A list of calls, returned as it is: the caller gets their values, in order.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { shared } from 'deco-ts'
import { closest, SimilarTitles } from './similar-titles.js'

const file = new URL('../data/movies.json', import.meta.resolve('vega-datasets'))
const movies: { Title: unknown }[] = JSON.parse(readFileSync(file, 'utf8'))
const titles = shared(movies.map((movie) => String(movie.Title)))
const queries = titles.slice(0, 200)

console.time('serial')
const serial = queries.map((title) => closest(title, titles))
console.timeEnd('serial')

console.time('parallel')
const parallel = await new SimilarTitles().closestOfAll(queries, titles)
console.timeEnd('parallel')

assert.deepEqual(parallel, serial)
for (const title of ['The Abyss', 'Babe', 'Blade Runner']) console.log(`${title} → ${parallel[queries.indexOf(title)]}`)
