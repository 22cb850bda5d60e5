import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'ava'
import fc from 'fast-check'
import { ModuleRoot } from '../../src/bullmq/module-root.js'
import { RegistrationError } from '../../src/index.js'
import { runs } from '../helpers/fuzz.js'

const folder = mkdtempSync(join(tmpdir(), 'deco-root-'))
test.after.always(() => rmSync(folder, { recursive: true }))

// root/a.js, root/b/c.js; beside the root secret.js, and links to it from within.
const root = join(folder, 'root')
const CODE = 'export {}'
mkdirSync(join(root, 'b'), { recursive: true })
for (const file of ['root/a.js', 'root/b/c.js', 'secret.js']) writeFileSync(join(folder, file), CODE)
symlinkSync(join(folder, 'secret.js'), join(root, 'link.js'))
symlinkSync(folder, join(root, 'out'))
symlinkSync(root, join(folder, 'root-by-another-name'))
const fingerprint = createHash('sha256').update(CODE).digest()
const here = new ModuleRoot(root, 'serve({ root })')

const refused = (message: RegExp) => ({ instanceOf: RegistrationError, message })

test('a module goes by its path from the root, on every machine', (t) => {
  const url = pathToFileURL(join(root, 'b/c.js')).href
  t.deepEqual(here.nameOf(url), { path: 'b/c.js', fingerprint })
  t.is(here.urlOf({ path: 'b/c.js', fingerprint }), url)
})

test('a root that is a link, and a module that is reached through one, are what they lead to', (t) => {
  const linked = new ModuleRoot(join(folder, 'root-by-another-name'), 'serve({ root })')
  t.is(linked.urlOf({ path: 'a.js', fingerprint }), pathToFileURL(join(root, 'a.js')).href)
  t.is(here.nameOf(pathToFileURL(join(folder, 'root-by-another-name/a.js')).href).path, 'a.js')
})

for (const path of ['link.js', 'out/secret.js', 'out/root/../secret.js'])
  test(`a host refuses what leads out of its root: ${path}`, (t) => {
    t.throws(
      () => here.urlOf({ path, fingerprint }),
      refused(/^Cannot run a class of .* here: it (leads out|is no path)/),
    )
  })

const escapes = [
  ...['../secret.js', 'b/../../secret.js', '/etc/passwd', '//etc/passwd', './a.js', 'b//c.js', '', '.', '..', 'b/..'],
  ...[
    'file:///etc/passwd',
    'data:text/javascript,process.exit()',
    'node:fs',
    'https://example.org/a.js',
    'C:\\a.js',
    '..\\secret.js',
    'a.js\0',
  ],
]
for (const path of escapes)
  test(`a host refuses what is no path: ${JSON.stringify(path)}`, (t) => {
    t.throws(() => here.urlOf({ path, fingerprint }), refused(/it is no path below the root/))
  })

test('what a URL would escape is taken as it is written', (t) => {
  for (const path of ['%2e%2e/secret.js', 'b%2fc.js', '..%2fsecret.js'])
    t.throws(() => here.urlOf({ path, fingerprint }), refused(/it is another file/))
})

test('a host refuses a file that says something else there, by name', (t) => {
  t.throws(
    () => here.urlOf({ path: 'a.js', fingerprint: Buffer.alloc(32) }),
    refused(/a\.js here: it is another file .*Way out: deploy/),
  )
})

test('a host refuses what has changed since it was imported, also where the call was made with the same change', (t) => {
  let now = 0
  const here = new ModuleRoot(root, 'serve({ root })', () => now)
  const files = ['root/changing.js', 'root/changing-too.js']
  for (const file of files) writeFileSync(join(folder, file), `${CODE}\nimport './b/changing.js'`)
  writeFileSync(join(root, 'b/changing.js'), CODE)
  const [first, second] = files.map((file) => here.nameOf(pathToFileURL(join(folder, file)).href))
  t.notThrows(() => here.urlOf(first!))
  writeFileSync(join(root, 'b/changing.js'), `${CODE} // changed`)
  const after = new ModuleRoot(root, 'serve({ root })').nameOf(pathToFileURL(join(root, 'changing.js')).href)
  t.notDeepEqual(after.fingerprint, first!.fingerprint)
  const says = refused(/changing.*\.js here: .* no longer what this host has imported\. Way out: restart the host/)
  t.throws(() => here.urlOf(after), says)
  t.throws(() => here.urlOf(first!), says)
  // Files are not looked at for every batch.
  t.notThrows(() => here.urlOf(second!))
  now += 1000
  t.throws(() => here.urlOf(second!), says)
  // A program has imported what it imported, and says so.
  t.deepEqual(here.nameOf(pathToFileURL(join(root, 'changing.js')).href), first!)
})

test('a file that a module imports counts as well, however it is imported, and is named where it differs', (t) => {
  const ways = [
    "import './inner.js'",
    'import inner from "./inner.js"',
    "export * from './inner.js'",
    "const inner = await import('./inner.js')",
    "const inner = require('./inner')",
    "import { a,\n b } from './inner.js'",
    "import './outer.js'",
  ]
  for (const [i, way] of ways.entries()) {
    const machines = [1, 2].map((machine) => {
      const root = join(folder, `machine-${i}-${machine}`)
      mkdirSync(root)
      writeFileSync(join(root, 'job.js'), `import './same.js'\n${way}`)
      writeFileSync(join(root, 'same.js'), "import './job.js'")
      writeFileSync(join(root, 'outer.js'), "import './inner.ts'")
      writeFileSync(join(root, i === 6 ? 'inner.ts' : 'inner.js'), `export default ${machine}`)
      return new ModuleRoot(root, 'serve({ root })')
    })
    const [one, two] = machines
    const name = one!.nameOf(pathToFileURL(join(one!.path, 'job.js')).href)
    t.notThrows(() => one!.urlOf(name))
    t.throws(
      () => two!.urlOf(name),
      refused(/^Cannot run a class of job\.js here: it imports inner\.[jt]s, which is another file than/),
    )
  }
})

test('a file that is nowhere is left to whoever imports it; one that is only on one side differs', (t) => {
  const name = here.nameOf(pathToFileURL(join(root, 'nowhere.js')).href)
  t.is(here.urlOf(name), pathToFileURL(join(root, 'nowhere.js')).href)
  t.throws(() => here.urlOf({ path: 'nowhere.js', fingerprint }), refused(/it is another file/))
})

test('what lies outside the root has no name', (t) => {
  for (const url of [
    pathToFileURL(join(folder, 'secret.js')).href,
    pathToFileURL(join(root, 'link.js')).href,
    'data:text/javascript,1',
    'node:fs',
    'nonsense',
  ])
    t.throws(
      () => here.nameOf(url),
      refused(/^Cannot use a class of .* on two machines: .*Way out: give serve\(\{ root \}\)/),
    )
})

test('what is no file is refused, whatever its fingerprint is said to be', (t) => {
  for (const length of [0, 1, 32])
    t.throws(() => here.urlOf({ path: 'b', fingerprint: Buffer.alloc(length) }), refused(/it is another file/))
})

test('no path leads out, whatever it is', (t) => {
  const segment = fc.constantFrom(
    '..',
    '.',
    '',
    'b',
    'a.js',
    'out',
    'link.js',
    '%2e%2e',
    '~',
    'secret.js',
    '\\..',
    'C:',
  )
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
      try {
        t.true(here.urlOf({ path: segments.join('/'), fingerprint }).startsWith(pathToFileURL(root).href))
      } catch (error) {
        t.true(error instanceof RegistrationError, String(error))
      }
    }),
    runs(500),
  )
  t.pass()
})

test('a root that is not there, or no folder, is refused', (t) => {
  for (const path of [join(folder, 'nowhere'), join(root, 'a.js')])
    t.throws(() => new ModuleRoot(path, 'serve({ root })'), {
      instanceOf: RangeError,
      message: /for serve\(\{ root \}\): it must be a folder/,
    })
})
