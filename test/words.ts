import test from 'ava'
import { isCompiledApart, isSameInOtherWords, wordsOf } from '../src/words.js'

const written = (source: string) => wordsOf({ toString: () => source } as Function)

const COUNT = `count(from, to) {
    let count = 0;
    for (let n = Math.max(2, from); n < to; n++) if (isPrime(n)) count++;
    return count > 10_000 ? limits.most : count;
  }`
const OTHERS = {
  'an import that Vitest has rewritten':
    'count(from, to) { let count = 0; for (let n = Math.max(2, from); n < to; n++) if ((0,__vi_import_0__.isPrime)(n)) count++; return count > 1e4 ? __vi_import_1__.limits.most : count }',
  'a name that a compiler has numbered, and a helper': `count(from, to) { let count2 = 0; for (let n = Math.max(2, from); n < to; n++) if (isPrime(n)) count2++; return count2 > 1e4 ? limits.most : count2; __name(count2, 'count') }`,
  'lines that are counted':
    'count(from, to) { cov_1x2().f[3]++; let count = (cov_1x2().s[0]++, 0); cov_1x2().s[1]++; for (let n = Math.max(2, from); n < to; n++) { if (isPrime(n)) { cov_1x2().b[0][0]++; count++ } } return count > 10000 ? limits.most : count }',
}

for (const [what, source] of Object.entries(OTHERS)) {
  test(`a method is known again in spite of ${what}`, (t) => {
    t.true(isSameInOtherWords(written(COUNT), written(source)))
    t.true(isSameInOtherWords(written(source), written(COUNT)))
  })
}

test('another method is not taken for it, even if it has the same name and parameters', (t) => {
  const other = 'count(from, to) { return this.table.slice(from, to).filter(Boolean).length }'
  t.false(isSameInOtherWords(written(COUNT), written(other)))
  t.false(isSameInOtherWords(written(other), written(COUNT)))
})

test('TypeScript may be compiled apart, JavaScript only under a test runner that compiles it', (t) => {
  t.true(isCompiledApart('file:///app/job.ts'))
  t.true(isCompiledApart('file:///app/job.mts?1'))
  t.false(isCompiledApart('file:///app/job.js'))
  t.false(isCompiledApart(undefined))
})
