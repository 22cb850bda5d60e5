import test from 'ava'
import { hasDecorators, isJobModule } from '../../src/plugin/job-module.js'

const JOBS = {
  'decorators as they were written': `import { concurrent, Job } from 'deco-ts'
    export class A extends Job { @concurrent a() {} }`,
  'under other names': `import { Job as Base, synchronized as sync } from "deco-ts"
    class A extends Base { @sync a() {} }`,
  'as a namespace': `import * as deco from 'deco-ts'
    class A extends deco.Job { @deco.concurrent a() {} }`,
  'compiled by tsc': `import { concurrent, Job } from 'deco-ts';
    let A = (() => { let _classSuper = Job; return class A extends _classSuper { } })();`,
  CommonJS: `const deco_ts_1 = require("deco-ts");
    class A extends deco_ts_1.Job {}`,
  minified: `import{concurrent as c,Job as J}from"deco-ts";class a extends J{}`,
  'a serializable class': `import { serializable } from 'deco-ts'
    @serializable export class A {}`,
  "somebody else's class": `import { serializable } from 'deco-ts'
    serializable.for(URL, { encode: String, decode: (href) => new URL(href) })`,
  'over several lines': `import {
      concurrent, // heavy
      Job,
    } from 'deco-ts'
    class A extends Job {}`,
}

for (const [name, code] of Object.entries(JOBS)) {
  test(`workers import a module with classes: ${name}`, (t) => {
    t.true(isJobModule(code))
  })
}

const OTHERS = {
  'a program that uses a job': `import { configure, threads } from 'deco-ts'
    import { A } from './a.js'
    configure({ executor: threads() })
    class Server {}`,
  'types alone': `import type { Job } from 'deco-ts'
    class Pool { add(job: Job) {} }`,
  'types alone, one by one': `import { type Job, TrackedMap } from 'deco-ts'
    class Pool { readonly jobs = new TrackedMap<Job, string>() }`,
  'a comment': `// import { concurrent, Job } from 'deco-ts'
    class A extends Job {}`,
  'something else': `import { Job } from 'bullmq'
    class A extends Job {}`,
}

for (const [name, code] of Object.entries(OTHERS)) {
  test(`no module with classes for workers: ${name}`, (t) => {
    t.false(isJobModule(code))
  })
}

test('decorators are found where they stand', (t) => {
  for (const code of [
    '@a class A {}',
    'class A { @a b() {} }',
    'export @a class A {}',
    'class A {\n  @a.b({ c: 1 })\n  d() {} }',
  ])
    t.true(hasDecorators(code), code)
})

test('what only looks like a decorator is none', (t) => {
  for (const code of [
    '/** @param a */ class A {}',
    '// @a\nclass A {}',
    "const at = 'mail @home'",
    'const at = "a\\" @b"',
  ])
    t.false(hasDecorators(code), code)
})
