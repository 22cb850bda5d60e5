// Hosts with networks of their own. The kernel decides whether that can be had: where it cannot, the test says why and tests nothing.

import test, { type ExecutionContext } from 'ava'
import { Folder } from '../helpers/folder.js'
import { root } from '../helpers/project.js'
import { runProgram } from '../helpers/run-program.js'

// Ways into a network namespace in which one may do as one likes: as oneself, as root, and as whoever may become root.
const WAYS = [
  ['unshare', '-rn'],
  ['unshare', '-n'],
  ['sudo', '-n', 'unshare', '-n'],
]
// What the test needs there: a bridge, links, and namespaces within.
const PROBE =
  'ip link set lo up && ip link add deco0 type bridge && ip link add host1 type veth peer name eth0 && ip link set host1 master deco0 ' +
  '&& unshare -n nsenter -t $$ -n true'

async function wayIn(t: ExecutionContext): Promise<readonly string[] | undefined> {
  const reasons: string[] = []
  for (const way of WAYS) {
    const [command, ...args] = way
    const { code, output } = await runProgram(command!, [...args, 'sh', '-c', PROBE])
    if (code === 0) return way
    reasons.push(`${way.join(' ')}: ${output.trim().split('\n').join('; ')}`)
  }
  t.log(`Not tested: this machine gives no network namespaces with bridges and links.\n${reasons.join('\n')}`)
  return undefined
}

test('the climate grid on hosts with addresses of their own, of which one is cut off while it runs', async (t) => {
  const way = await wayIn(t)
  if (way === undefined) return t.pass()
  using folder = new Folder()
  const [command, ...args] = [...way, process.execPath, `${root}build/test/fixtures/apart-network.js`]
  const { code, output, stdout } = await runProgram(command!, args, { cwd: folder.path })
  t.is(code, 0, output)
  t.regex(stdout, /the link of north is cut after \d+ of 60480 cells/)
  t.regex(stdout, /^identical 60,480 of 60,480 cells, bit for bit$/m)
  t.regex(stdout, /^north is back$/m)
})
