import test from 'ava'
import { parseTolerantJson } from '../../../src/cli/doctor/tolerant-json.js'

for (const [text, value] of [
  ['{"a": 1}', { a: 1 }],
  ['\uFEFF{"a": [1, 2,],}', { a: [1, 2] }],
  ['{ // one\n "a": /* two */ 1, /* three\n */ }', { a: 1 }],
  ['{"a": "// none, /* none */ ,]"}', { a: '// none, /* none */ ,]' }],
  ['{"a": "\\"//\\\\", "b": "x",}', { a: '"//\\', b: 'x' }],
] as const)
  test(`reads ${text}`, (t) => t.deepEqual(parseTolerantJson(text), value))

for (const text of ['', '{', '{"a" 1}', '[1,,2]'])
  test(`refuses ${JSON.stringify(text)}`, (t) => {
    t.throws(() => parseTolerantJson(text), { instanceOf: SyntaxError })
  })
