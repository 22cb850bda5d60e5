import { type FunctionNode, is, isFunction, type Node } from './nodes.js'
import type { Source } from './source.js'

/** What a function returns: expressions, and `null` for nothing. */
export function returnsOf(source: Source, { body }: FunctionNode): (Node | null)[] {
  if (!is(body, 'BlockStatement')) return [body]
  const found: (Node | null)[] = []
  source.walk(body, (node) => {
    if (is(node, 'ReturnStatement')) found.push(node.argument)
    return !isFunction(node) && !is(node, 'ClassBody')
  })
  return leaves(body) ? found : [...found, null]
}

// Whether what follows a statement is never reached, as far as that is plain to see.
function leaves(statement: Node | null): boolean {
  if (is(statement, 'BlockStatement')) return statement.body.some(leaves)
  if (is(statement, 'IfStatement')) return leaves(statement.consequent) && leaves(statement.alternate)
  return is(statement, 'ReturnStatement', 'ThrowStatement')
}
