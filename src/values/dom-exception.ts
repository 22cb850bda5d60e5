import type { Codec } from './codec.js'
import { refuseExtras } from './properties.js'

/** What `AbortSignal`, `structuredClone` and `fetch` throw. Its name and message are no properties of its own. */
export const domException: Codec<DOMException> = {
  write(value, out) {
    if (extrasOf(value).length > 0) throw out.refuse('a DOMException with properties of its own')
    out.raw(value.message)
    out.raw(value.name)
    out.raw(value.stack)
    out.raw(Object.hasOwn(value, 'cause'))
    out.value(value.cause, 'cause')
  },
  create(content) {
    const value = new DOMException(content.raw() as string, content.raw() as string)
    hide(value, 'stack', content.raw())
    return value
  },
  fill(value, content) {
    for (let i = 0; i < 3; i++) content.raw()
    const hasCause = content.raw()
    const cause = content.value()
    if (hasCause) hide(value, 'cause', cause)
  },
  diff: (value, _, out) => refuseExtras(value, Reflect.ownKeys(value).length - extrasOf(value).length, out),
}

function extrasOf(value: DOMException): PropertyKey[] {
  return Reflect.ownKeys(value).filter((key) => key !== 'stack' && key !== 'cause')
}

function hide(value: object, key: string, to: unknown): void {
  Object.defineProperty(value, key, { value: to, writable: true, enumerable: false, configurable: true })
}
