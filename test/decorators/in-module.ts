import test from 'ava'
import { inModule } from '../../src/decorators/in-module.js'
import { Job, RegistrationError } from '../../src/index.js'
import { entryOf } from '../../src/metadata.js'

const { concurrent, synchronized, serializable } = inModule('file:///bundle/jobs.js')

test('decorated classes belong to the module, whatever file they are evaluated in', (t) => {
  class Plain extends Job {
    @concurrent
    a(): number {
      return 1
    }
  }
  class WithOptions extends Job {
    @concurrent({ mutates: false })
    a(): number {
      return 1
    }
  }
  class Synchronized extends Job {
    @synchronized
    a(): number {
      return 1
    }
  }
  @serializable
  class Value {}
  @serializable({ encode: (_: Encoded) => 0, decode: () => new Encoded() })
  class Encoded {}
  const classes = [Plain, WithOptions, Synchronized, Value, Encoded]
  t.deepEqual(
    classes.map((each) => entryOf(each)?.module),
    classes.map(() => 'file:///bundle/jobs.js'),
  )
  t.deepEqual(
    classes.map((each) => entryOf(each)!.position),
    [0, 1, 2, 3, 4],
  )
})

test('a module that a class names itself counts', (t) => {
  class Elsewhere extends Job {
    @concurrent({ module: 'file:///elsewhere.js' })
    a(): void {}
  }
  t.is(entryOf(Elsewhere)!.module, 'file:///elsewhere.js')
})

test('what cannot be decorated is refused as ever', (t) => {
  t.throws(() => (concurrent as Function)({}, 'a', {}), {
    instanceOf: RegistrationError,
    message: /experimentalDecorators/,
  })
  t.throws(() => (synchronized as Function)(() => {}), {
    instanceOf: RegistrationError,
    message: /experimentalDecorators/,
  })
  t.throws(() => (concurrent as Function)('fast'), { instanceOf: TypeError, message: /fast is not an object/ })
  t.throws(() => (serializable as Function)(7), {
    instanceOf: TypeError,
    message: /Cannot use 7 as options of @serializable/,
  })
})
