// Functions that are not of the module, and what they take their arguments for.

import { decoName, importedBy } from './imports.js'
import { type CallNode, calledMember, is, keyOf, type Node, type NodeOf, unwrapped } from './nodes.js'
import type { Source } from './source.js'

const GLOBALS = [
  'BigInt',
  'Boolean',
  'Number',
  'String',
  'atob',
  'btoa',
  'decodeURIComponent',
  'encodeURIComponent',
  'isFinite',
  'isNaN',
  'parseFloat',
  'parseInt',
  'structuredClone',
]
const NAMESPACES = [
  'Array',
  'Atomics',
  'BigInt',
  'Date',
  'Intl',
  'JSON',
  'Math',
  'Number',
  'Object',
  'String',
  'console',
]
// They keep what they are given.
const KEEPING = ['Array.of', 'Object.assign', 'Object.defineProperty', 'Object.freeze', 'Object.seal']
const CLASSES =
  /^(Array|BigInt64Array|BigUint64Array|Boolean|Date|Number|RegExp|String|URL|\w*Error|(Int|Uint)(8|16|32)(Clamped)?Array|Float(16|32|64)Array)$/
// Methods of arrays, strings, Maps and Sets that compare what they are given, or calculate with it.
const CALCULATING = [
  'charAt',
  'endsWith',
  'has',
  'includes',
  'indexOf',
  'lastIndexOf',
  'localeCompare',
  'padEnd',
  'padStart',
  'repeat',
  'startsWith',
]
const IDENTIFYING = ['has', 'includes', 'indexOf', 'lastIndexOf']
// Functions of other modules that take promises.
const TAKING_PROMISES = ['rejects', 'doesNotReject', 'expect', 'expectTypeOf']
const DEEP = ['JSON.stringify', 'String', 'structuredClone']

/** A function that is called, or a class of which an instance is made. */
export class Callee {
  /** How the source calls it: `Math.max`; of what is calculated, the last name. */
  readonly name: string
  readonly #source: Source
  readonly #call: CallNode | NodeOf<'NewExpression'>
  readonly #node: Node

  constructor(source: Source, call: CallNode | NodeOf<'NewExpression'>) {
    this.#source = source
    this.#call = call
    this.#node = unwrapped(call.callee)
    const name = nameOf(this.#node)
    this.name = is(call, 'NewExpression') ? `new ${name}` : name
  }

  /** It is one of these, which are named as in the source or by their last name. */
  isAmong(names: readonly string[]): boolean {
    return names.includes(this.name) || names.includes(this.name.split(/[. ]/).at(-1)!)
  }

  /** It takes a plain value where it is given a Future. `isPromise`: the Future is typed as a promise. */
  takesPlain(isPromise: boolean): boolean {
    if (takesPromise(this.#call)) return false
    if (is(this.#call, 'NewExpression')) return this.#isGlobalClass
    if (this.isPlainGlobal) return true
    const { object, name = '' } = calledMember(this.#call) ?? {}
    // Which one of some promises it is may be asked.
    const isCompared = CALCULATING.includes(name) && !(isPromise && IDENTIFYING.includes(name))
    if (isCompared && !is(object, 'ThisExpression', 'Super')) return true
    return !isPromise && this.#isImportedFunction
  }

  /** A function of JavaScript that calculates with its arguments or prints them. */
  get isPlainGlobal(): boolean {
    const node = this.#node
    if (is(node, 'Identifier')) return this.#source.isGlobal(node, ...GLOBALS)
    if (!is(node, 'MemberExpression') || KEEPING.includes(this.name)) return false
    return this.#source.isGlobal(unwrapped(node.object), ...NAMESPACES)
  }

  /** It goes through the arrays, Maps and objects that it is given. */
  get isDeep(): boolean {
    return this.isPlainGlobal && (DEEP.includes(this.name) || /^console\.(?!time|count|assert|group)/.test(this.name))
  }

  get #isGlobalClass(): boolean {
    const node = this.#node
    return is(node, 'Identifier') && CLASSES.test(node.name) && this.#source.isGlobal(node, node.name)
  }

  get #isImportedFunction(): boolean {
    const node = this.#node
    const imported = importedBy(this.#source, node)
    if (imported !== undefined && imported.name !== '*')
      return decoName(this.#source, node) === undefined && !TAKING_PROMISES.includes(imported.name)
    // `import assert from 'node:assert'`: Node.js exports as default what it exports by name.
    if (!is(node, 'MemberExpression') || TAKING_PROMISES.includes(keyOf(node) ?? '')) return false
    const { from, name } = importedBy(this.#source, node.object) ?? {}
    return from?.startsWith('node:') === true && name === 'default'
  }
}

// `expect(future).resolves`
function takesPromise({ parent }: Node): boolean {
  return is(parent, 'MemberExpression') && /^(resolves|rejects)$/.test(keyOf(parent) ?? '')
}

function nameOf(callee: Node): string {
  const node = unwrapped(callee)
  if (is(node, 'Identifier')) return node.name
  if (is(node, 'ThisExpression')) return 'this'
  if (!is(node, 'MemberExpression')) return ''
  return [nameOf(node.object), keyOf(node) ?? 'this function'].filter((name) => name !== '').join('.')
}
