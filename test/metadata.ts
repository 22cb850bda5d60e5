import test from 'ava'
import { RegistrationError } from '../src/errors.js'
import { enter, entryOf, findClass, notePrototype, registerClass, registerMethod } from '../src/metadata.js'

test('Symbol.metadata is there', (t) => {
  t.is(typeof Symbol.metadata, 'symbol')
})

test('classes of a module are numbered in the order in which they are evaluated', (t) => {
  const entries = ['file:///a.js', 'file:///b.js', 'file:///a.js', undefined].map((module) => registerClass({}, module))
  t.deepEqual(
    entries.map(({ module, position }) => [module, position]),
    [
      ['file:///a.js', 0],
      ['file:///b.js', 0],
      ['file:///a.js', 1],
      [undefined, 0],
    ],
  )
  t.is(findClass({ module: 'file:///a.js', position: 1, name: 'whatever' }), entries[2])
  t.is(findClass({ module: 'file:///a.js', position: 2, name: 'class 3' }), undefined)
})

test('a class is registered once, however many of its members are decorated', (t) => {
  const metadata = {}
  t.is(registerClass(metadata, 'file:///once.js'), registerClass(metadata, 'file:///once.js'))
  t.is(enter('file:///once.js').position, 1)
})

test('a subclass has an entry of its own, also where its metadata inherit from those of its base', (t) => {
  const base = {}
  const entry = registerClass(base, 'file:///base.js')
  t.not(registerClass(Object.create(base) as DecoratorMetadata, 'file:///derived.js'), entry)
})

test('without metadata the error says what compilers give them', (t) => {
  const error = t.throws(() => registerClass(undefined, 'file:///a.js'), { instanceOf: RegistrationError })
  t.regex(error!.message, /context\.metadata is undefined.*TypeScript 5\.2.*esbuild.*swc/)
})

test('a class is known by a member of its prototype, and only the first prototype counts', (t) => {
  const entry = registerClass({}, 'file:///known.js')
  class Known {
    run(): void {}
  }
  registerMethod(entry, 'run', () => 1, Known.prototype.run, {})
  t.is(entry.name, 'class 1')
  notePrototype(Known.prototype, Known.prototype.run)
  notePrototype({ constructor: Object }, Known.prototype.run)
  notePrototype(Known.prototype, undefined)
  t.is(entry.prototype, Known.prototype)
  t.is(entry.name, 'Known')
})

test('a fingerprint tells two methods apart and finds the same one again', (t) => {
  const entry = registerClass({}, 'file:///print.js')
  const fingerprint = (run: Function) => registerMethod(entry, 'run', run, () => 0, {}).fingerprint
  const one = (n: number) => n + 1
  t.is(fingerprint(one), fingerprint(one))
  t.not(
    fingerprint(one),
    fingerprint((n: number) => n + 2),
  )
})

test('a class without decorators of its own has no entry, whatever its base has', (t) => {
  const metadata = {}
  const entry = registerClass(metadata, 'file:///own.js')
  const Base = Object.defineProperty(class {}, Symbol.metadata, { value: metadata })
  t.is(entryOf(Base), entry)
  t.is(entryOf(class extends Base {}), undefined)
})
