import { callTakingBack, isLoopBody } from '../callbacks.js'
import type { Method } from '../classes.js'
import { isGuarded } from '../main-thread.js'
import type { Module } from '../module.js'
import { type CallNode, type FunctionNode, is, isFunction, keyOf, type Node, unwrapped } from '../nodes.js'
import { type Problem, rule, type Suggestion } from '../rule.js'

/** A file starts a job of a class that workers get by importing the file. */
export const noEntryJob = rule<'start' | 'guard', {}>({
  name: 'no-entry-job',
  description: 'Disallow starting a job while the module of its class is being imported',
  messages: {
    start:
      'Cannot start {{method}} here: a worker imports this file to get {{class}}, and would come by this line, too. ' +
      "Way out: move {{class}} to a module of its own, or start the job under 'if (isMainThread)'.",
    guard: "Start it under 'if (isMainThread)'.",
  },
  properties: {},
  defaults: {},
  hasSuggestions: true,
  *check(module) {
    for (const call of callsIn(module, module.source.program)) {
      if (isGuarded(module.source, call)) continue
      const method = startedBy(module, call, new Set())
      if (method === undefined) continue
      const data = { method: `${method.owner.name}.${method.name}`, class: method.owner.name }
      const problem: Problem<'start' | 'guard'> = {
        node: call,
        messageId: 'start',
        data,
        suggestions: suggestionsFor(module, call),
      }
      yield problem
    }
  },
})

// The calls that running a node makes: those in functions are made by others. Static parts of a class belong to what surrounds it.
function callsIn({ source }: Module, node: Node): CallNode[] {
  const found: CallNode[] = []
  source.walk(node, (inner) => {
    if (inner !== node && isFunction(inner) && !isCalledBack(inner)) return false
    if (is(inner, 'PropertyDefinition', 'AccessorProperty') && !inner.static) return false
    if (is(inner, 'CallExpression')) found.push(inner)
    return true
  })
  return found
}

// `sizes.map((size) => …)`, `ready.then(() => …)`
function isCalledBack(fn: FunctionNode): boolean {
  return isLoopBody(fn) || callTakingBack(fn)?.name === 'then'
}

// The decorated method that a call runs, by itself or through functions and methods of this module.
function startedBy(module: Module, call: CallNode, seen: Set<FunctionNode>): Method | undefined {
  const method = module.classes.called(call)
  if (method !== undefined && method.kind !== 'plain') return isOfThisFile(module, method) ? method : undefined
  const fn = module.calledFunction(call)
  if (fn === undefined || seen.has(fn)) return undefined
  seen.add(fn)
  for (const inner of callsIn(module, fn)) {
    if (isGuarded(module.source, inner)) continue
    const started = startedBy(module, inner, seen)
    if (started !== undefined) return started
  }
  return undefined
}

// Whether workers get the class of a method from this file: `module` may name another one.
function isOfThisFile(module: Module, { owner }: Method): boolean {
  const concurrent = module.classes.concurrent.filter(
    (method) => isBase(method.owner, owner) || isBase(owner, method.owner),
  )
  return concurrent.some(({ options }) => {
    const object = options === undefined ? undefined : unwrapped(options)
    if (!is(object, 'ObjectExpression')) return true
    const given = object.properties.find((one) => is(one, 'Property') && keyOf(one) === 'module')
    return !is(given, 'Property') || isOwnUrl(given.value)
  })
}

function isBase(base: Method['owner'], owner: Method['owner'] | undefined): boolean {
  for (; owner !== undefined; owner = owner.base) if (owner === base) return true
  return false
}

// `import.meta.url`
function isOwnUrl(node: Node): boolean {
  return is(node, 'MemberExpression') && is(node.object, 'MetaProperty') && keyOf(node) === 'url'
}

// A statement of its own can be put under a condition; what declares something that others need cannot.
function suggestionsFor({ source }: Module, call: CallNode): Suggestion<'guard'>[] {
  let node: Node = call
  while (!is(node.parent, 'Program')) node = node.parent
  if (!is(node, 'ExpressionStatement')) return []
  const imported = source.variables.find(({ name, scope }) => name === 'isMainThread' && is(scope.block, 'Program'))
  const [first] = source.program.body
  const changes: Suggestion<'guard'>['changes'] = [[[node.range[0], node.range[0]], 'if (isMainThread) ']]
  if (imported !== undefined) return [{ messageId: 'guard', changes }]
  const top = first!.range[0]
  const line = "import { isMainThread } from 'node:worker_threads'\n"
  return [{ messageId: 'guard', changes: [[[top, top], line], ...changes] }]
}
