import { isTargetField, type JobClass, type Method } from '../classes.js'
import { isTarget } from '../members.js'
import type { Module } from '../module.js'
import { type CallNode, calledMember, is, isWithin, keyOf, type Node } from '../nodes.js'
import { type Problem, rule } from '../rule.js'
import { constantOf } from '../source.js'

const WAY_OUT = 'Way out: return the value, and put the call into the target in the @synchronized method.'

type Id = 'target' | 'through'

/** A method that runs in a worker uses what stays with the job. */
export const noTargetInWorker = rule<Id, {}>({
  name: 'no-target-in-worker',
  description: 'Disallow tracked targets in concurrent methods',
  messages: {
    target: `Cannot use {{target}} in {{method}}: the method runs in a worker, and a tracked target stays with its job. ${WAY_OUT}`,
    through: `Cannot call {{called}}() in {{method}}: the method runs in a worker, and {{called}}() uses the tracked target {{target}} (line {{line}}), which stays with its job. ${WAY_OUT}`,
  },
  properties: {},
  defaults: {},
  *check(module) {
    for (const method of module.classes.concurrent) {
      const name = `${method.owner.name}.${method.name}`
      for (const { node, target } of usesIn(module, method)) yield problemOf(node, 'target', { target, method: name })
      for (const { node, called } of callsIn(module, method)) {
        const [use] = [...calledBy(module, called)]
          .filter((one) => one !== method)
          .flatMap((one) => usesIn(module, one))
        if (use === undefined) continue
        const line = String(use.node.loc.start.line)
        yield problemOf(node, 'through', { target: use.target, method: name, called: `this.${called.name}`, line })
      }
    }
  },
})

function problemOf(node: Node, messageId: Id, data: Readonly<Record<string, string>>): Problem<Id> {
  return { node, messageId, data }
}

interface TargetUse {
  readonly node: Node
  /** `this.results` */
  readonly target: string
}

function usesIn(module: Module, { fn, owner }: Method): TargetUse[] {
  const found: TargetUse[] = []
  module.source.walk(fn, (node) => {
    for (const { holder, name } of fieldsRead(node)) {
      // The targets of a job that the method makes itself are in the worker with it.
      if (module.classes.isThis(holder) && isTargetField(module.classes.ofInstance(holder), name))
        found.push({ node, target: `this.${name}` })
    }
    if (is(node, 'Identifier') && isTargetOfModule(module, node, owner)) found.push({ node, target: node.name })
  })
  return found
}

interface OwnCall {
  readonly node: Node
  readonly called: Method
}

// Calls of methods of the same job. A concurrent method is looked at by itself.
function callsIn(module: Module, { fn }: Method): OwnCall[] {
  const found: OwnCall[] = []
  module.source.walk(fn, (node) => {
    const called = is(node, 'CallExpression') && isOfThis(module, node) ? module.classes.called(node) : undefined
    if (called !== undefined && called.kind !== 'concurrent') found.push({ node, called })
  })
  return found
}

// A method, and all that it leads to.
function calledBy(module: Module, method: Method): ReadonlySet<Method> {
  const found = new Set([method])
  // A set gives what is added while one goes through it, too.
  for (const one of found) for (const { called } of callsIn(module, one)) found.add(called)
  return found
}

// `this.results`, and `const { results } = this`.
function fieldsRead(node: Node): { readonly holder: Node; readonly name: string }[] {
  if (is(node, 'MemberExpression')) {
    const name = keyOf(node)
    return name === undefined ? [] : [{ holder: node.object, name }]
  }
  if (!is(node, 'Property') || !is(node.parent, 'ObjectPattern')) return []
  const declarator = node.parent.parent
  const name = keyOf(node)
  if (!is(declarator, 'VariableDeclarator') || declarator.init === null || name === undefined) return []
  return declarator.id === node.parent ? [{ holder: declarator.init, name }] : []
}

// `const results = new TrackedMap()` outside of the class: each worker has one of its own, and nobody sees what is put into that.
function isTargetOfModule({ source }: Module, node: Node, owner: JobClass): boolean {
  const value = constantOf(source.variable(node))
  return value !== undefined && isTarget(source, value) && !isWithin(value, owner.node)
}

function isOfThis(module: Module, call: CallNode): boolean {
  const { object } = calledMember(call) ?? {}
  return object !== undefined && (is(object, 'Super') || module.classes.isThis(object))
}
