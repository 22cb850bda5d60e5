import test from 'ava'
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
