import type { Module } from '../module.js'
import { type ModuleState, moduleState, type StateUse } from '../module-state.js'
import { type FunctionNode, is, type Node } from '../nodes.js'
import { Reach } from '../reach.js'
import { NAMES, type Problem, rule } from '../rule.js'

interface Options {
  /** Variables that may be read and written all the same, such as caches. */
  readonly allow: readonly string[]
}

type Id = StateUse['kind'] | 'through'

const WAY_OUT =
  'Way out: pass what the method needs as an argument or hold it in a field of the job, and return what comes of it.'

/** A method that runs in workers uses variables of which each worker has its own. */
export const noModuleState = rule<Id, Options>({
  name: 'no-module-state',
  description: 'Disallow state of the module in concurrent methods',
  messages: {
    read: `Cannot rely on '{{name}}' in {{method}}: the method runs in workers, each of which has a '{{name}}' of its own, and line {{line}} changes it. ${WAY_OUT}`,
    write: `Cannot change '{{name}}' in {{method}}: the method runs in workers, each of which has a '{{name}}' of its own. ${WAY_OUT}`,
    through: `Cannot call {{called}}() in {{method}}: the method runs in workers, each of which has a '{{name}}' of its own, and line {{line}} uses it. ${WAY_OUT}`,
  },
  properties: { allow: NAMES },
  defaults: { allow: [] },
  *check(module, { allow }) {
    const { concurrent } = module.classes
    const reach = new Reach(module)
    const inWorkers = reach.from(concurrent.map(({ fn }) => fn))
    const uses = new Uses(module, moduleState(module, inWorkers, allow))
    for (const { owner, name, fn } of concurrent) {
      const method = `${owner.name}.${name}`
      for (const use of uses.in(fn)) yield problemOf(use, use.place, method)
      for (const naming of reach.namingsIn(fn)) {
        const [use] = [...reach.from([naming.fn])].filter((one) => one !== fn).flatMap((one) => uses.in(one))
        if (use !== undefined) yield problemOf({ ...use, node: naming.node }, use.node, method, naming.name)
      }
    }
  },
})

interface Use extends StateUse {
  readonly node: Node
}

/** Where functions use variables of which each worker has its own. */
class Uses {
  readonly #module: Module
  readonly #state: ModuleState
  readonly #known = new Map<FunctionNode, readonly Use[]>()

  constructor(module: Module, state: ModuleState) {
    this.#module = module
    this.#state = state
  }

  in(fn: FunctionNode): readonly Use[] {
    const known = this.#known.get(fn)
    if (known !== undefined) return known
    const found: Use[] = []
    this.#module.source.walk(fn, (node) => {
      const use = is(node, 'Identifier') ? this.#state.useBy(node) : undefined
      if (use !== undefined) found.push({ ...use, node })
    })
    this.#known.set(fn, found)
    return found
  }
}

// `place` is where the variable is changed, or where the function that is called uses it.
function problemOf({ kind, node, name }: Use, place: Node, method: string, called = ''): Problem<Id> {
  const data = { name, method, called, line: String(place.loc.start.line) }
  return { node, messageId: called === '' ? kind : 'through', data }
}
