import type { Method } from './classes.js'
import { is, keyOf, type Node, type NodeOf, unwrapped } from './nodes.js'
import { constantOf, type Source } from './source.js'

/** What `@concurrent` says of the changes of a method. */
export interface Declared {
  /** The numbers of the parameters; `'auto'` where nothing is said; `undefined` where it is not plain to see. */
  readonly mutates: 'auto' | readonly number[] | undefined
  /** What becomes of conflicts is said. */
  readonly hasOnConflict: boolean
  /** Places, and the text that says there that the method changes some parameters. */
  declaring(indexes: readonly number[]): readonly (readonly [range: readonly [number, number], text: string])[]
}

export function declaredBy(source: Source, { decorator, options }: Method): Declared {
  const declaring: Declared['declaring'] = (indexes) =>
    decorator === undefined ? [] : declaration(decorator, `[${indexes.join(', ')}]`)
  const given = options && resolved(source, options)
  if (given === undefined) return { mutates: 'auto', hasOnConflict: false, declaring }
  if (!is(given, 'ObjectExpression') || given.properties.some((one) => !is(one, 'Property')))
    return { mutates: undefined, hasOnConflict: true, declaring }
  return {
    mutates: numbers(property(given, 'mutates')?.value),
    hasOnConflict: property(given, 'onConflict') !== undefined,
    declaring,
  }
}

function resolved(source: Source, options: Node): Node {
  const node = unwrapped(options)
  const value = is(node, 'Identifier') ? constantOf(source.variable(node)) : undefined
  return value === undefined ? node : unwrapped(value)
}

function property(object: NodeOf<'ObjectExpression'>, name: string): NodeOf<'Property'> | undefined {
  return object.properties.find((one): one is NodeOf<'Property'> => is(one, 'Property') && keyOf(one) === name)
}

function numbers(value: Node | undefined): Declared['mutates'] {
  if (value === undefined) return 'auto'
  const node = unwrapped(value)
  if (is(node, 'Literal')) return node.value === false ? [] : node.value === 'auto' ? 'auto' : undefined
  if (!is(node, 'ArrayExpression')) return undefined
  const listed = node.elements.map((element) => (is(element, 'Literal') ? element.value : undefined))
  return listed.every((one) => typeof one === 'number') ? listed : undefined
}

// @concurrent, @concurrent(), @concurrent({ … })
function declaration({ expression }: NodeOf<'Decorator'>, list: string): ReturnType<Declared['declaring']> {
  const [, end] = expression.range
  const said = `mutates: ${list}`
  if (!is(expression, 'CallExpression'))
    return is(expression, 'Identifier', 'MemberExpression') ? [[[end, end], `({ ${said} })`]] : []
  const [options] = expression.arguments
  if (options === undefined) return [[[end - 1, end - 1], `{ ${said} }`]]
  if (!is(options, 'ObjectExpression')) return []
  const before = property(options, 'mutates')
  if (before !== undefined) return [[before.value.range, list]]
  if (options.properties.length === 0) return [[options.range, `{ ${said} }`]]
  const [start] = options.properties[0]!.range
  return [[[start, start], `${said}, `]]
}
