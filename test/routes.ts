import test from 'ava'
import { Job, RegistrationError } from '../src/index.js'
import { Region } from './fixtures/regions/region.js'
import * as subclasses from './fixtures/regions/subclasses.js'
import { eachExecutor } from './helpers/each-executor.js'
import { rejectsSaying, throwsSaying } from './helpers/throws-saying.js'

type Options = ConstructorParameters<typeof Region>[0]

const known: Record<string, [make: (options: Options) => Region, all: number[]]> = {
  'the class itself': [(options) => new Region(options), [101, 102, 3]],
  'a subclass in another module, @serializable, that overrides a plain and a static method': [
    (options) => new subclasses.Doubled(options),
    [102, 104, 15],
  ],
  'a subclass with a concurrent method of its own': [(options) => new subclasses.Tripled(options), [103, 106, 3]],
  'a subclass that is not exported': [(options) => subclasses.makeQuadrupled(options), [104]],
  'a subclass that overrides the concurrent method': [(options) => new subclasses.Replaced(options), [-1, -2, 3]],
  'a subclass that calls the inherited concurrent method': [
    (options) => new subclasses.Extended(options),
    [1010, 1020, 3],
  ],
  'a subclass of a subclass that adds data': [(options) => new subclasses.DoubledFrom(options), [1002, 1004, 15]],
  'a subclass that overrides nothing but data': [(options) => new subclasses.Plain(options), [11, 12, 3]],
}

for (const [what, [make, all]] of Object.entries(known)) {
  eachExecutor(`${what} gives what a serial run gives`, (t, executor) => {
    t.deepEqual(make({ executor }).all(), all)
  })
}

eachExecutor('a concurrent method of the subclass sees what the subclass overrides', async (t, executor) => {
  const job = new subclasses.Tripled({ executor })
  const future = job.own(5)
  await job.wait()
  t.is(await (future as unknown as Promise<number>), 15)
})

eachExecutor('this.constructor is the class of the job in a worker', async (t, executor) => {
  const job = new subclasses.Doubled({ executor })
  t.is(await (job.className() as unknown as Promise<string>), 'Doubled')
  await job.wait()
})

eachExecutor(
  'a subclass that overrides members in a module that is not known says which, and the ways out',
  (t, executor) => {
    const parts = ['Unknown', 'factor', 'workers do not know its module', '@serializable', 'decorate Unknown.factor']
    throwsSaying(t, () => new subclasses.Unknown({ executor }).weigh(1), RegistrationError, ...parts)
    throwsSaying(t, () => new subclasses.Unknown({ executor }).all(), RegistrationError, ...parts)
    throwsSaying(
      t,
      () => new subclasses.UnknownStatic({ executor }).scaled(1),
      RegistrationError,
      'UnknownStatic',
      'scale',
      '@serializable',
    )
  },
)

eachExecutor('a subclass of one that is not known says the same', (t, executor) => {
  class Below extends subclasses.Unknown {}
  throwsSaying(
    t,
    () => new Below({ executor }).weigh(1),
    RegistrationError,
    'Below',
    'factor',
    'decorate Unknown.factor',
  )
})

eachExecutor('an object that overrides a method for itself alone is refused', async (t, executor) => {
  const job = new Region({ executor })
  job.factor = () => 7
  await rejectsSaying(
    t,
    async () => job.all(),
    (await import('../src/index.js')).SerializationError,
    'this of Region.weigh',
    '.factor',
    'a function',
  )
})

test('a job without any decorator has no concurrent method to call', (t) => {
  class Bare extends Job {}
  t.notThrows(() => new Bare().waitSync())
})
