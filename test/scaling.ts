import test from 'ava'
import { randomFrom } from '../src/testing/random.js'
import { Numbers } from './fixtures/numbers.js'
import { type Costs, VirtualMachine } from './helpers/virtual-machine.js'

// Measured on two cores: see docs/scaling.md.
const COSTS: Costs = { call: 0.0014, batch: 0.013, report: 0.009, wake: 0.23, run: 0.0003 }

function run(workers: number, processors: number, milliseconds: number, calls: number): VirtualMachine {
  const executor = new VirtualMachine({ workers, processors, costs: COSTS, duration: () => milliseconds })
  const job = new Numbers({ executor })
  job.block(() => {
    for (let n = 0; n < calls; n++) job.nothing(n)
  })
  return executor
}

const busy = (vm: VirtualMachine, workers: number) => vm.worked / (vm.now * workers)

test('one main thread keeps 256 workers busy with calls of a millisecond', (t) => {
  const vm = run(256, 257, 1, 50_000)
  t.log(`${(busy(vm, 256) * 100).toFixed(1)} % busy`)
  t.true(busy(vm, 256) >= 0.9)
})

for (const [workers, microseconds] of [
  [2, 4],
  [2, 17],
  [2, 85],
  [2, 4000],
  [16, 50],
  [64, 250],
] as const) {
  test(`${workers} workers and calls of ${microseconds} µs`, (t) => {
    const calls = Math.min(50_000, Math.ceil((200_000 * workers) / microseconds))
    const vm = run(workers, workers === 2 ? 2 : workers + 1, microseconds / 1000, calls)
    t.log(`speed-up ${((calls * microseconds) / 1000 / vm.now).toFixed(2)}`)
    t.true(vm.now < (calls * microseconds) / 1000)
  })
}

for (const order of ['ascending', 'descending', 'shuffled'] as const) {
  test(`calls of Pareto-distributed length, ${order}, end soon after the shortest possible time`, (t) => {
    const lengths = paretoLengths(5000)
    if (order === 'descending') lengths.reverse()
    if (order === 'shuffled') shuffle(lengths)
    const duration = ({ args }: { readonly args: readonly unknown[] }) => lengths[args[0] as number]!
    const vm = new VirtualMachine({ workers: 2, processors: 2, costs: COSTS, duration })
    const job = new Numbers({ executor: vm })
    job.block(() => {
      for (let n = 0; n < lengths.length; n++) job.nothing(n)
    })
    const sum = lengths.reduce((sum, length) => sum + length, 0)
    const ratio = vm.now / Math.max(sum / 2, ...lengths)
    t.log(`${ratio.toFixed(3)} times the lower bound`)
    // One that runs a sorted list from its beginning to its end comes to 1.08 at best.
    t.true(ratio <= 1.06)
  })
}

// In ms, from 10 µs to 50 ms with shape 1.1, evenly spaced in probability.
function paretoLengths(calls: number): number[] {
  const cut = 1 - (0.01 / 50) ** 1.1
  return Array.from({ length: calls }, (_, i) => 0.01 * (1 - ((i + 0.5) / calls) * cut) ** (-1 / 1.1))
}

// Always in the same way.
function shuffle(list: number[]): void {
  const random = randomFrom(1)
  for (let i = list.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1))
    const one = list[i]!
    list[i] = list[other]!
    list[other] = one
  }
}
