import type { Method } from '../classes.js'
import { type Declared, declaredBy } from '../declared.js'
import { Futures } from '../futures.js'
import type { Module } from '../module.js'
import { type CallNode, is, type Node, parametersOf } from '../nodes.js'
import { type ParameterChange, parameterChanges } from '../parameter-changes.js'
import { type Problem, rule, type Suggestion } from '../rule.js'
import { isSameKey, isShared, loopsAround } from '../shared-arguments.js'

type Id = 'shared' | 'contrary' | 'declare'

/** The calls of a loop change one object, or a method changes what it says it does not. */
export const noUndeclaredMutation = rule<Id, {}>({
  name: 'no-undeclared-mutation',
  description:
    'Disallow changes of parameters that `@concurrent` does not declare where the calls of a loop share them',
  messages: {
    shared:
      'Cannot share {{argument}} between the calls of {{method}} in a loop: each of them changes it at the same place (line {{line}}), ' +
      'and has not seen what the one before does. Way out: return the value and put it into a tracked target, or declare the change ' +
      "with 'mutates: [{{indexes}}]', and with onConflict: 'rerun' where a call needs what the one before wrote.",
    contrary:
      "Cannot change '{{parameter}}' in {{method}}: '{{declared}}' says that it does not, and each call that does ends in a " +
      "ConflictError. Way out: declare it with 'mutates: [{{indexes}}]'.",
    declare: "Declare 'mutates: [{{indexes}}]'.",
  },
  properties: {},
  defaults: {},
  hasSuggestions: true,
  *check(module) {
    for (const method of module.classes.concurrent) {
      const changes = parameterChanges(module, method.fn)
      if (changes.length === 0) continue
      const declared = declaredBy(module.source, method)
      const about = { module, method, declared, changes }
      if (declared.mutates === 'auto' && !declared.hasOnConflict) yield* sharedArguments(about)
      if (Array.isArray(declared.mutates)) yield* contraryChanges(about, declared.mutates)
    }
  },
})

interface About {
  readonly module: Module
  readonly method: Method
  readonly declared: Declared
  readonly changes: readonly ParameterChange[]
}

function sharedArguments(about: About): Problem<Id>[] {
  const { module, method, changes } = about
  const futures = new Futures(module)
  const found: Problem<Id>[] = []
  module.source.walk(module.source.program, (call) => {
    if (!is(call, 'CallExpression') || module.classes.called(call) !== method) return
    // In a worker, and under `serial()`, one call runs after the other.
    if (futures.of(call) === undefined || call.arguments.some((one) => is(one, 'SpreadElement'))) return
    const loops = loopsAround(module, call)
    for (const [index, node] of call.arguments.entries()) {
      const change = changes.find((one) => one.index === index && isAtOnePlace(about, one, call, node, loops))
      if (change === undefined) continue
      const line = String(change.node.loc.start.line)
      const argument = is(node, 'Identifier') ? `'${node.name}'` : `argument ${index}`
      found.push({ node, messageId: 'shared', ...told(about, [], { argument, line }) })
    }
  })
  return found
}

function isAtOnePlace(
  { module, method }: About,
  { keys }: ParameterChange,
  call: CallNode,
  argument: Node,
  loops: readonly Node[],
): boolean {
  return loops.some(
    (loop) =>
      isShared(module, argument, loop) && keys?.every((key) => isSameKey(module, key, method.fn, call, loop)) === true,
  )
}

function* contraryChanges(about: About, declared: readonly number[]): Generator<Problem<Id>> {
  for (const { index, node } of about.changes) {
    if (declared.includes(index)) continue
    const said = declared.length === 0 ? 'mutates: false' : `mutates: [${declared.join(', ')}]`
    const parameter = nameOf(about.method, index)
    yield { node, messageId: 'contrary', ...told(about, declared, { parameter, declared: said }) }
  }
}

function told(
  { method, declared, changes }: About,
  more: readonly number[],
  data: Readonly<Record<string, string>>,
): { data: Readonly<Record<string, string>>; suggestions: Suggestion<Id>[] } {
  const indexes = [...new Set([...more, ...changes.map(({ index }) => index)])].sort((a, b) => a - b)
  const all = { ...data, method: `${method.owner.name}.${method.name}`, indexes: indexes.join(', ') }
  const edits = declared.declaring(indexes)
  return { data: all, suggestions: edits.length === 0 ? [] : [{ messageId: 'declare', data: all, changes: edits }] }
}

function nameOf({ fn }: Method, index: number): string {
  const parameter = parametersOf(fn)[index]
  const named = is(parameter, 'AssignmentPattern') ? parameter.left : parameter
  return is(named, 'Identifier') ? named.name : `parameter ${index}`
}
