// The syntax that the rules look at: ESTree, with decorators and the wrappers of TypeScript, as every parser for ESLint gives it.

/** What the nodes of each type have besides `parent` and places. */
interface Shapes {
  AccessorProperty: FieldShape
  ArrayExpression: { readonly elements: readonly (Node | null)[] }
  ArrayPattern: { readonly elements: readonly (Node | null)[] }
  ArrowFunctionExpression: FunctionShape
  AssignmentExpression: { readonly operator: string; readonly left: Node; readonly right: Node }
  AssignmentPattern: { readonly left: Node; readonly right: Node }
  AwaitExpression: { readonly argument: Node }
  BinaryExpression: { readonly operator: string; readonly left: Node; readonly right: Node }
  BlockStatement: { readonly body: readonly Node[] }
  BreakStatement: {}
  CallExpression: { readonly callee: Node; readonly arguments: readonly Node[] }
  ChainExpression: { readonly expression: Node }
  ClassBody: { readonly body: readonly Node[] }
  ClassDeclaration: ClassShape
  ClassExpression: ClassShape
  ConditionalExpression: { readonly test: Node; readonly consequent: Node; readonly alternate: Node }
  Decorator: { readonly expression: Node }
  DoWhileStatement: { readonly test: Node; readonly body: Node }
  ExpressionStatement: { readonly expression: Node }
  ForInStatement: { readonly left: Node; readonly right: Node; readonly body: Node }
  ForOfStatement: { readonly left: Node; readonly right: Node; readonly body: Node; readonly await: boolean }
  ForStatement: { readonly init: Node | null; readonly test: Node | null; readonly update: Node | null }
  ExportDefaultDeclaration: {}
  ExportNamedDeclaration: { readonly declaration: Node | null }
  ExportSpecifier: { readonly local: Node }
  FunctionDeclaration: FunctionShape
  FunctionExpression: FunctionShape
  Identifier: { readonly name: string; readonly typeAnnotation?: Node | undefined }
  IfStatement: { readonly test: Node; readonly consequent: Node; readonly alternate: Node | null }
  ImportDeclaration: { readonly source: LiteralNode }
  ImportDefaultSpecifier: { readonly local: Node }
  ImportExpression: { readonly source: Node }
  ImportNamespaceSpecifier: { readonly local: Node }
  ImportSpecifier: { readonly imported: Node; readonly local: Node }
  Literal: { readonly value: unknown }
  LogicalExpression: { readonly operator: string; readonly left: Node; readonly right: Node }
  MemberExpression: { readonly object: Node; readonly property: Node; readonly computed: boolean }
  MetaProperty: {}
  MethodDefinition: MemberShape & { readonly value: FunctionNode; readonly kind: string }
  NewExpression: { readonly callee: Node; readonly arguments: readonly Node[] }
  ObjectExpression: { readonly properties: readonly Node[] }
  ObjectPattern: { readonly properties: readonly Node[] }
  PrivateIdentifier: { readonly name: string }
  Program: { readonly body: readonly Node[]; readonly sourceType: string }
  Property: { readonly key: Node; readonly value: Node; readonly computed: boolean }
  PropertyDefinition: FieldShape
  RestElement: { readonly argument: Node }
  ReturnStatement: { readonly argument: Node | null }
  SequenceExpression: { readonly expressions: readonly Node[] }
  SpreadElement: { readonly argument: Node }
  StaticBlock: { readonly body: readonly Node[] }
  Super: {}
  SwitchCase: { readonly test: Node | null }
  SwitchStatement: { readonly discriminant: Node }
  TaggedTemplateExpression: { readonly tag: Node; readonly quasi: Node }
  TemplateLiteral: { readonly expressions: readonly Node[]; readonly quasis: readonly { value: { cooked: string } }[] }
  ThisExpression: {}
  ThrowStatement: { readonly argument: Node }
  TSAsExpression: TypedShape
  TSNonNullExpression: { readonly expression: Node }
  TSParameterProperty: { readonly parameter: Node }
  TSQualifiedName: { readonly left: Node; readonly right: NodeOf<'Identifier'> }
  TSSatisfiesExpression: TypedShape
  TSTypeAnnotation: { readonly typeAnnotation: Node }
  TSTypeAssertion: TypedShape
  TSTypeReference: { readonly typeName: Node }
  UnaryExpression: { readonly operator: string; readonly argument: Node }
  UpdateExpression: { readonly argument: Node }
  VariableDeclaration: { readonly kind: string; readonly declarations: readonly Node[] }
  VariableDeclarator: { readonly id: Node; readonly init: Node | null }
  WhileStatement: { readonly test: Node; readonly body: Node }
  YieldExpression: { readonly argument: Node | null; readonly delegate: boolean }
}

interface FunctionShape {
  readonly id: NodeOf<'Identifier'> | null
  readonly params: readonly Node[]
  readonly body: Node
  readonly async: boolean
  readonly generator: boolean
}

interface ClassShape {
  readonly id: NodeOf<'Identifier'> | null
  readonly superClass: Node | null
  readonly body: NodeOf<'ClassBody'>
}

interface TypedShape {
  readonly expression: Node
  readonly typeAnnotation: Node
}

interface FieldShape extends MemberShape {
  readonly value: Node | null
  readonly typeAnnotation?: Node | undefined
}

interface MemberShape {
  readonly key: Node
  readonly computed: boolean
  readonly static: boolean
  readonly decorators?: readonly NodeOf<'Decorator'>[] | undefined
}

interface Place {
  /** `null` for the program alone. */
  readonly parent: Node
  readonly range: readonly [number, number]
  readonly loc: { readonly start: { readonly line: number } }
}

export type NodeOf<Type extends keyof Shapes> = {
  [One in Type]: { readonly type: One } & Place & Shapes[One]
}[Type]

/** A node of a type that the rules know; others are met, but have nothing that is asked for. */
export type Node = NodeOf<keyof Shapes>

type LiteralNode = NodeOf<'Literal'>
export type FunctionNode = NodeOf<'ArrowFunctionExpression' | 'FunctionDeclaration' | 'FunctionExpression'>
export type ClassNode = NodeOf<'ClassDeclaration' | 'ClassExpression'>
export type CallNode = NodeOf<'CallExpression'>

/** Whether a node is of one of these types. */
export function is<Type extends keyof Shapes>(
  node: Node | null | undefined,
  ...types: readonly Type[]
): node is Extract<Node, { readonly type: Type }> {
  return node != null && (types as readonly string[]).includes(node.type)
}

export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return is(node, 'ArrowFunctionExpression', 'FunctionDeclaration', 'FunctionExpression')
}

/** The parameters that a call fills: `this: Climate` is a type. */
export function parametersOf({ params }: FunctionNode): readonly Node[] {
  const [first] = params
  return is(first, 'Identifier') && first.name === 'this' ? params.slice(1) : params
}

export function isClass(node: Node | null | undefined): node is ClassNode {
  return is(node, 'ClassDeclaration', 'ClassExpression')
}

type Wrapper = NodeOf<
  'ChainExpression' | 'TSAsExpression' | 'TSNonNullExpression' | 'TSSatisfiesExpression' | 'TSTypeAssertion'
>

/** What stands around a value and does not change it: types, `!`, the ends of an optional chain. */
export function isWrapper(node: Node): node is Wrapper {
  return is(
    node,
    'ChainExpression',
    'TSAsExpression',
    'TSNonNullExpression',
    'TSSatisfiesExpression',
    'TSTypeAssertion',
  )
}

/** The expression itself. */
export function unwrapped(node: Node): Node {
  while (isWrapper(node)) node = node.expression
  return node
}

/** The name that a property or a member is read or defined by, `#` included; `undefined` if it is computed at run time. */
export function keyOf(node: {
  readonly key?: Node
  readonly property?: Node
  readonly computed: boolean
}): string | undefined {
  const key = (node.key ?? node.property)!
  if (is(key, 'PrivateIdentifier')) return `#${key.name}`
  if (!node.computed && is(key, 'Identifier')) return key.name
  return is(key, 'Literal') ? String(key.value) : undefined
}

/** The name of the method that a call calls on something, such as `push`. */
export function calledMember(call: CallNode): { readonly object: Node; readonly name: string | undefined } | undefined {
  const callee = unwrapped(call.callee)
  return is(callee, 'MemberExpression') ? { object: unwrapped(callee.object), name: keyOf(callee) } : undefined
}

/** Whether a node is `null`, or `undefined`. */
export function isNullish(node: Node): boolean {
  return (is(node, 'Literal') && node.value === null) || (is(node, 'Identifier') && node.name === 'undefined')
}

/** The nearest of these types around a node. */
export function around<Type extends keyof Shapes>(
  node: Node,
  ...types: readonly Type[]
): Extract<Node, { readonly type: Type }> | undefined {
  let outer: Node | null = node.parent
  while (outer !== null && !is(outer, ...types)) outer = outer.parent
  return outer ?? undefined
}

/** The nearest function around a node. */
export function functionAround(node: Node): FunctionNode | undefined {
  return around(node, 'ArrowFunctionExpression', 'FunctionDeclaration', 'FunctionExpression')
}

export const LOOPS = ['DoWhileStatement', 'ForInStatement', 'ForOfStatement', 'ForStatement', 'WhileStatement'] as const

/** Whether a node is another or lies in it. */
export function isWithin(node: Node, outer: Node): boolean {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1]
}
