import { type Member, membersOf } from './members.js'
import { type CallNode, type ClassNode, calledMember, is, isClass, keyOf, type Node, unwrapped } from './nodes.js'
import { constantOf, type Source } from './source.js'

/** A class of the module; its members are its own. */
export interface JobClass {
  readonly node: ClassNode
  /** Its name; `this class` if it has none. */
  readonly name: string
  readonly base: JobClass | undefined
  readonly methods: ReadonlyMap<string, Method>
  /** The names of the fields that hold a tracked target. */
  readonly targets: ReadonlySet<string>
  /** What fields are given where they are declared. */
  readonly fields: ReadonlyMap<string, Node>
}

export interface Method extends Member {
  readonly owner: JobClass
}

/** The classes of a module. */
export class Classes {
  readonly all: readonly JobClass[]
  readonly #source: Source
  readonly #classes = new Map<Node, JobClass>()
  readonly #methods = new Map<Node, Method>()

  constructor(source: Source) {
    this.#source = source
    source.walk(source.program, (node) => {
      if (isClass(node)) this.#classOf(node)
    })
    this.all = [...this.#classes.values()]
  }

  /** All concurrent methods of the module. */
  get concurrent(): Method[] {
    return [...this.#methods.values()].filter(({ kind }) => kind === 'concurrent')
  }

  /** The method around a node, whatever functions lie between. */
  methodAround(node: Node): Method | undefined {
    for (let outer: Node | null = node; outer !== null; outer = outer.parent) {
      const method = this.#methods.get(outer)
      if (method !== undefined) return method
    }
    return undefined
  }

  /** The class whose instance `this` is at a node. */
  ofThis(node: Node): JobClass | undefined {
    for (let outer: Node | null = node.parent; outer !== null; outer = outer.parent) {
      if (is(outer, 'StaticBlock')) return undefined
      if (is(outer, 'AccessorProperty', 'PropertyDefinition'))
        return outer.static ? undefined : this.#classes.get(outer.parent.parent)
      if (!is(outer, 'FunctionDeclaration', 'FunctionExpression')) continue
      const member = outer.parent
      return is(member, 'MethodDefinition') && !member.static ? this.#classes.get(member.parent.parent) : undefined
    }
    return undefined
  }

  /**
   * The class of the instance that an expression gives: `this`, `new Climate()`, a field or a constant that holds one of these, or what is
   * declared as one.
   */
  ofInstance(expression: Node): JobClass | undefined {
    const node = unwrapped(expression)
    if (is(node, 'ThisExpression')) return this.ofThis(node)
    if (is(node, 'NewExpression')) return this.#named(node.callee)
    if (is(node, 'MemberExpression')) return this.#ofField(node.object, keyOf(node))
    if (!is(node, 'Identifier')) return undefined
    const variable = this.#source.variable(node)
    const value = constantOf(variable)
    if (value !== undefined && !is(value, 'Identifier')) return this.ofInstance(value)
    const name = variable?.defs.length === 1 ? variable.defs[0]!.name : undefined
    return is(name, 'Identifier') ? this.#ofType(name.typeAnnotation) : undefined
  }

  /** Whether an expression is `this`, or a constant that holds it. */
  isThis(expression: Node): boolean {
    const node = unwrapped(expression)
    const value = is(node, 'Identifier') ? constantOf(this.#source.variable(node)) : undefined
    return is(node, 'ThisExpression') || (value !== undefined && !is(value, 'Identifier') && this.isThis(value))
  }

  /** The method of a class of this module that a call calls. */
  called(call: CallNode): Method | undefined {
    const { object, name } = calledMember(call) ?? {}
    if (object === undefined || name === undefined) return undefined
    if (is(object, 'Super')) return inherited(this.ofThis(object)?.base, ({ methods }) => methods.get(name))
    return inherited(this.ofInstance(object), ({ methods }) => methods.get(name))
  }

  /** The class that an expression or a type names. */
  #named(expression: Node): JobClass | undefined {
    const node = unwrapped(expression)
    if (isClass(node)) return this.#classOf(node)
    const variable = is(node, 'Identifier') ? this.#source.variable(node) : undefined
    // An interface may have the same name.
    const definition = variable?.defs.find(({ type }) => type === 'ClassName')
    if (definition !== undefined) return this.#classOf(definition.node as ClassNode)
    const value = constantOf(variable)
    return value === undefined || is(value, 'Identifier') ? undefined : this.#named(value)
  }

  #ofType(annotation: Node | undefined): JobClass | undefined {
    const type = is(annotation, 'TSTypeAnnotation') ? annotation.typeAnnotation : undefined
    return is(type, 'TSTypeReference') ? this.#named(type.typeName) : undefined
  }

  #ofField(object: Node, name: string | undefined): JobClass | undefined {
    if (name === undefined || !this.isThis(object)) return undefined
    const value = inherited(this.ofInstance(object), ({ fields }) => fields.get(name))
    return is(value, 'NewExpression') ? this.#named(value.callee) : undefined
  }

  #classOf(node: ClassNode): JobClass {
    const known = this.#classes.get(node)
    if (known !== undefined) return known
    const { parent } = node
    const given = is(parent, 'VariableDeclarator') && is(parent.id, 'Identifier') ? parent.id.name : 'this class'
    const { methods: own, targets, fields } = membersOf(this.#source, node)
    const methods = new Map<string, Method>()
    const name = node.id?.name ?? given
    const found = { node, name, base: undefined as JobClass | undefined, methods, targets, fields }
    this.#classes.set(node, found)
    const base = node.superClass === null ? undefined : this.#named(node.superClass)
    // Classes that extend each other never run, but somebody may be about to write one of them.
    if (inherited(base, (one) => one === found || undefined) === undefined) found.base = base
    for (const member of own) {
      const method = { ...member, owner: found }
      methods.set(member.name, method)
      this.#methods.set(member.fn, method)
    }
    return found
  }
}

/** What the nearest of a class and its bases in the module has. */
export function inherited<T>(owner: JobClass | undefined, own: (owner: JobClass) => T | undefined): T | undefined {
  for (; owner !== undefined; owner = owner.base) {
    const found = own(owner)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether a field holds a tracked target. */
export function isTargetField(owner: JobClass | undefined, name: string): boolean {
  return inherited(owner, ({ targets }) => targets.has(name) || undefined) === true
}
