// What runs in the main thread of a program alone.

import { importedBy } from './imports.js'
import { is, isWithin, keyOf, type Node } from './nodes.js'
import type { Source } from './source.js'

/** Whether a node stands where only the main thread, or the entry script, comes. */
export function isGuarded(source: Source, node: Node): boolean {
  for (let inner = node; inner.parent !== null; inner = inner.parent) {
    const { parent } = inner
    if (is(parent, 'IfStatement', 'ConditionalExpression') && parent.test !== inner) {
      const isWanted = parent.consequent === inner
      if (tells(source, parent.test) && isNegated(parent.test) !== isWanted) return true
    }
    if (is(parent, 'LogicalExpression') && parent.right === inner && tells(source, parent.left))
      if (parent.operator === '&&' ? !isNegated(parent.left) : isNegated(parent.left)) return true
    if (is(parent, 'BlockStatement', 'Program') && parent.body.some((one) => isLeft(source, one, inner))) return true
  }
  return false
}

// `if (!isMainThread) return`, above it in the same block.
function isLeft(source: Source, statement: Node, before: Node): boolean {
  if (!is(statement, 'IfStatement') || statement.range[0] >= before.range[0]) return false
  return isNegated(statement.test) && tells(source, statement.test) && leaves(statement.consequent)
}

function leaves(statement: Node): boolean {
  if (is(statement, 'BlockStatement')) return statement.body.some(leaves)
  if (is(statement, 'ReturnStatement', 'ThrowStatement')) return true
  const call = is(statement, 'ExpressionStatement') ? statement.expression : undefined
  return is(call, 'CallExpression') && is(call.callee, 'MemberExpression') && keyOf(call.callee) === 'exit'
}

// `!isMainThread`, `import.meta.url !== …`, `isMainThread === false`.
function isNegated(test: Node): boolean {
  if (is(test, 'UnaryExpression')) return test.operator === '!' && !isNegated(test.argument)
  if (is(test, 'LogicalExpression')) return isNegated(test.left) || isNegated(test.right)
  if (!is(test, 'BinaryExpression')) return false
  const isOpposite = [test.left, test.right].some((side) => is(side, 'Literal') && side.value === false)
  return /^!/.test(test.operator) !== isOpposite
}

// Whether a condition asks for the main thread, or for the script that the program was started with.
function tells(source: Source, test: Node): boolean {
  let found = false
  source.walk(test, (node) => {
    if (is(node, 'Identifier', 'MemberExpression')) {
      const imported = importedBy(source, node)
      if (imported?.name === 'isMainThread' && /^(node:)?worker_threads$/.test(imported.from)) found = true
    }
    if (!is(node, 'MemberExpression')) return
    const name = keyOf(node)
    if (is(node.object, 'MetaProperty') && /^(main|url|filename)$/.test(name ?? '')) found = true
    if (source.isGlobal(node.object, 'require') && name === 'main') found = true
    if (source.isGlobal(node.object, 'process') && name === 'argv' && isFirst(node)) found = true
  })
  return found
}

// `process.argv[1]`, the script.
function isFirst(argv: Node): boolean {
  return is(argv.parent, 'MemberExpression') && isWithin(argv, argv.parent.object) && keyOf(argv.parent) === '1'
}
