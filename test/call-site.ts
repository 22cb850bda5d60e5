import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { runInThisContext } from 'node:vm'
import test from 'ava'
import { CallSite, CallSites, callSite } from '../src/call-site.js'
import { helpers, where } from './fixtures/call-sites.js'

// Code as it would stand in a file of that name.
function inFile<T>(filename: string, code: string): (argument: unknown) => T {
  return runInThisContext(`(argument) => ${code}`, { filename })
}

test('the file in which a decorator is evaluated', (t) => {
  t.is(where(), import.meta.url)
})

for (const [name, help] of Object.entries(helpers)) {
  test(`a frame of the helper ${name} is passed over`, (t) => {
    t.is(help(), import.meta.url)
  })
}

const elsewhere = test.macro((t, filename: string, expected: string | undefined) => {
  t.is(inFile<string | undefined>(filename, 'argument()')(where), expected)
})

test(
  'a plain path, as CommonJS has it, becomes a URL',
  elsewhere,
  '/some/where/file name.js',
  'file:///some/where/file%20name.js',
)
test('a URL stays as it is', elsewhere, 'file:///some/where/a.mjs?v=1', 'file:///some/where/a.mjs?v=1')
test(
  'TypeScript that a loader compiled keeps its own file',
  elsewhere,
  'file:///some/where/a.ts',
  'file:///some/where/a.ts',
)
test('eval has no file', elsewhere, '[eval]', undefined)
test('the REPL has no file', elsewhere, 'REPL1', undefined)
test('node:vm without a name has no file', elsewhere, 'evalmachine.<anonymous>', undefined)

for (const path of [
  '/p/node_modules/tslib/tslib.es6.mjs',
  '/p/node_modules/@swc/helpers/esm/_apply_decs_2203_r.js',
  '/p/node_modules/@babel/runtime/helpers/esm/applyDecs2311.js',
]) {
  test(`helpers in a package are passed over: ${path}`, (t) => {
    t.is(inFile<string | undefined>(pathToFileURL(path).href, 'argument()')(where), import.meta.url)
  })
}

test('a CommonJS module', (t) => {
  const require = createRequire(import.meta.url)
  const { Module } = require('node:module') as {
    Module: new (id: string) => { _compile(code: string, file: string): void; exports: unknown }
  }
  const module = new Module('/p/job.cjs')
  module._compile('module.exports = (where) => where()', '/p/job.cjs')
  t.is((module.exports as (of: typeof where) => string)(where), 'file:///p/job.cjs')
})

test('a program that prepares stack traces itself gets them as before', (t) => {
  const { prepareStackTrace, stackTraceLimit } = Error
  t.teardown(() => Object.assign(Error, { prepareStackTrace, stackTraceLimit }))
  const prepare = () => 'prepared'
  Object.assign(Error, { prepareStackTrace: prepare, stackTraceLimit: 1 })
  t.is(where(), import.meta.url)
  t.is(Error.prepareStackTrace, prepare)
  t.is(Error.stackTraceLimit, 1)
  t.is(new Error('after').stack, 'prepared')
})

test('no caller at all is no file', (t) => {
  t.is(
    callSite(() => {}),
    undefined,
  )
})

// Lines of calls.

function makeCall(sites: CallSites): CallSite {
  return sites.next(makeCall)
}

test('the line of a call is that of its caller', (t) => {
  function make(): CallSite {
    return new CallSite(make)
  }
  t.regex(make().line!, /^ {4}at .*call-site\.(js|ts):\d+:\d+/)
})

test('the first calls each have their own line, later ones share one now and then', (t) => {
  const sites = new CallSites()
  const seen = Array.from({ length: 200 }, () => makeCall(sites))
  t.is(new Set(seen.slice(0, 16)).size, 16)
  t.true(new Set(seen).size < 20)
})
