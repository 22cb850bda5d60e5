import test from 'ava'
import { inShort } from '../src/in-short.js'

test('arguments are told of in a few characters', (t) => {
  t.is(inShort([]), '')
  t.is(inShort([1, -0.5, true, null, undefined, 10n]), '1, -0.5, true, null, …')
  t.is(inShort(['a "word"']), '"a \\"word\\""')
  t.is(inShort(['x'.repeat(100)]), `"${'x'.repeat(24)}…"`)
  t.is(
    inShort([[1, 2, 3], new Float64Array(4), new Map([[1, 2]]), new Date(0)]),
    'Array(3), Float64Array(32 bytes), Map, Date',
  )
  t.is(inShort([() => 1, undefined, 10n]), 'function, undefined, 10n')
})

test('no code of the program runs for it', (t) => {
  const refuse = () => t.fail()
  const getters = Object.defineProperty({}, 'x', { get: refuse, enumerable: true })
  t.is(inShort([getters, { toJSON: refuse, toString: refuse }]), 'Object, Object')
  const tagged = Object.defineProperty(new Map(), Symbol.toStringTag, { get: refuse })
  const view = Object.defineProperty(new Uint8Array(2), 'constructor', { get: refuse })
  const { proxy, revoke } = Proxy.revocable([], {})
  revoke()
  t.is(inShort([tagged, view, proxy]), 'Map, Uint8Array(2 bytes), Proxy')
})
