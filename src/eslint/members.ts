import { decoName, isDeco } from './imports.js'
import { type ClassNode, type FunctionNode, is, isFunction, keyOf, type Node, type NodeOf, unwrapped } from './nodes.js'
import { constantOf, type Source } from './source.js'

/** What a class has by itself, without its bases: of its members those of its instances. */
export interface Members {
  readonly methods: readonly Member[]
  /** The names of the fields that hold a tracked target. */
  readonly targets: ReadonlySet<string>
  /** What fields are given where they are declared. */
  readonly fields: ReadonlyMap<string, Node>
}

/** A method with a body. */
export interface Member {
  readonly name: string
  readonly fn: FunctionNode
  readonly kind: 'concurrent' | 'synchronized' | 'plain'
  /** `@concurrent`, and the options that it is given. */
  readonly decorator?: NodeOf<'Decorator'> | undefined
  readonly options?: Node | undefined
}

const TARGETS = ['TrackedMap', 'TrackedArray', 'tracked']

export function membersOf(source: Source, node: ClassNode): Members {
  const methods: Member[] = []
  const targets = new Set<string>()
  const fields = new Map<string, Node>()
  for (const member of node.body.body) {
    if (!is(member, 'AccessorProperty', 'MethodDefinition', 'PropertyDefinition') || member.static) continue
    const name = keyOf(member)
    if (name === undefined) continue
    if (is(member, 'MethodDefinition')) {
      // Overloads and abstract methods of TypeScript have no body.
      if (!isFunction(member.value)) continue
      if (member.kind === 'constructor') for (const field of targetsSetIn(source, member.value)) targets.add(field)
      if (member.kind === 'method') methods.push({ name, fn: member.value, ...decoratedBy(source, member.decorators) })
      continue
    }
    if (member.value !== null) fields.set(name, member.value)
    if (isTarget(source, member.value) || isTargetType(source, member.typeAnnotation)) targets.add(name)
  }
  return { methods, targets, fields }
}

/** Whether an expression makes a tracked target. */
export function isTarget(source: Source, value: Node | null): boolean {
  const node = value === null ? null : unwrapped(value)
  return is(node, 'NewExpression', 'CallExpression') && isDeco(source, node.callee, ...TARGETS)
}

function isTargetType(source: Source, annotation: Node | undefined): boolean {
  const type = is(annotation, 'TSTypeAnnotation') ? annotation.typeAnnotation : undefined
  return is(type, 'TSTypeReference') && isDeco(source, type.typeName, ...TARGETS)
}

// `this.results = new TrackedMap()`, and `constructor(readonly results: TrackedMap<string, number>)`.
function targetsSetIn(source: Source, { params, body }: FunctionNode): string[] {
  const found: string[] = []
  for (const parameter of params) {
    if (!is(parameter, 'TSParameterProperty')) continue
    const { parameter: given } = parameter
    const name = is(given, 'AssignmentPattern') ? given.left : given
    if (is(name, 'Identifier') && isTargetType(source, name.typeAnnotation)) found.push(name.name)
  }
  source.walk(body, (node) => {
    if (!is(node, 'AssignmentExpression') || !is(node.left, 'MemberExpression')) return
    const name = keyOf(node.left)
    if (is(node.left.object, 'ThisExpression') && name !== undefined && isTarget(source, node.right)) found.push(name)
  })
  return found
}

function decoratedBy(
  source: Source,
  decorators: readonly NodeOf<'Decorator'>[] = [],
): Pick<Member, 'kind' | 'decorator' | 'options'> {
  for (const decorator of decorators) {
    const { name, options } = decoratorOf(source, decorator.expression)
    if (name === 'concurrent') return { kind: 'concurrent', decorator, options }
    if (name === 'synchronized') return { kind: 'synchronized' }
  }
  return { kind: 'plain' }
}

// `@concurrent`, `@concurrent(options)`, or a constant that holds one of these.
function decoratorOf(source: Source, expression: Node): { name: string | undefined; options?: Node | undefined } {
  const node = unwrapped(expression)
  if (is(node, 'CallExpression')) return { name: decoName(source, node.callee), options: node.arguments[0] }
  const value = is(node, 'Identifier') ? constantOf(source.variable(node)) : undefined
  return value === undefined ? { name: decoName(source, node) } : decoratorOf(source, value)
}
