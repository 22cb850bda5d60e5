import { type EarlyUse, EarlyUses, type Use } from '../early-uses.js'
import { Futures } from '../futures.js'
import { callIn } from '../held.js'
import type { Module } from '../module.js'
import { around, functionAround, is, isWithin, type Node } from '../nodes.js'
import { NAMES, type Problem, rule, type Suggestion } from '../rule.js'

interface Options {
  /** Functions that may be given Futures: `pTimeout`, or `queue.add`. */
  readonly allow: readonly string[]
}

const WAY_OUT = "Way out: await it, or put it into a tracked target and read it from there after 'await this.wait()'."

/** A Future is used as the plain value that it is not. */
export const noEarlyUse = rule<EarlyUse | 'await', Options>({
  name: 'no-early-use',
  description: 'Disallow using the result of a concurrent call before it is awaited or stored',
  messages: {
    argument: `Cannot give the result of {{call}} to {{callee}}(): it is a Future, and {{callee}}() takes it for a plain value. ${WAY_OUT}`,
    arithmetic: `Cannot calculate with the result of {{call}}: it is a Future until it is committed. ${WAY_OUT}`,
    comparison: `Cannot compare the result of {{call}}: it is a Future, which equals nothing but itself. ${WAY_OUT}`,
    condition: `Cannot test the result of {{call}}: it is a Future, which is always true. ${WAY_OUT}`,
    key: `Cannot use the result of {{call}} as a key: it is a Future until it is committed. ${WAY_OUT}`,
    property: `Cannot use a property of the result of {{call}}: it is a Future until it is committed. ${WAY_OUT}`,
    spread: `Cannot go through the result of {{call}}: it is a Future until it is committed. ${WAY_OUT}`,
    template: `Cannot make a string of the result of {{call}}: it is a Future until it is committed. ${WAY_OUT}`,
    await: 'Await the result of {{call}}.',
  },
  properties: { allow: NAMES },
  defaults: { allow: [] },
  hasSuggestions: true,
  check(module, { allow }) {
    const futures = new Futures(module)
    const uses = new EarlyUses(module, allow)
    const problems: Problem<EarlyUse | 'await'>[] = []
    module.source.walk(module.source.program, (node) => {
      if (!is(node, 'Identifier', 'CallExpression', 'MemberExpression', 'ObjectExpression', 'ArrayExpression')) return
      const held = isRead(node) ? futures.of(node) : undefined
      const found = held && uses.of(node, held)
      if (found === undefined) return
      const call = callIn(held)
      const data = { call, callee: found.callee ?? '' }
      problems.push({ node, messageId: found.use, data, suggestions: suggestionsFor(module, found, node, call) })
    })
    return problems
  },
})

// Names are read where they are neither declared nor the name of a property.
function isRead(node: Node): boolean {
  if (!is(node, 'Identifier')) return true
  const { parent } = node
  if (is(parent, 'MemberExpression')) return parent.object === node || parent.computed
  if (is(parent, 'Property', 'PropertyDefinition', 'MethodDefinition')) return parent.key !== node || parent.computed
  return !is(parent, 'VariableDeclarator') || parent.id !== node
}

// In the midst of a function that is not async there is nowhere to wait.
function suggestionsFor(module: Module, { isMendedByAwait }: Use, node: Node, call: string): Suggestion<'await'>[] {
  if (!isMendedByAwait || !mayAwait(module, node)) return []
  const { parent } = node
  const bindsCloser =
    is(parent, 'TSNonNullExpression') ||
    (is(parent, 'MemberExpression') && parent.object === node) ||
    (is(parent, 'BinaryExpression') && parent.operator === '**' && parent.left === node)
  const [start, end] = node.range
  const changes: Suggestion<'await'>['changes'] = [
    [[start, start], bindsCloser ? '(await ' : 'await '],
    [[end, end], bindsCloser ? ')' : ''],
  ]
  return [{ messageId: 'await', data: { call }, changes }]
}

function mayAwait({ source: { program } }: Module, node: Node): boolean {
  const fn = functionAround(node)
  const member = around(node, 'PropertyDefinition', 'StaticBlock')
  if (member !== undefined && (fn === undefined || isWithin(member, fn))) return false
  return fn === undefined ? program.sourceType === 'module' : fn.async && isWithin(node, fn.body)
}
