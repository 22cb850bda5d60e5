import { types } from 'node:util'
import type { Telling } from './telling.js'

/** Has what tells kinds of objects apart see what is behind proxies: they read nothing that a call could change. */
export function tellOfPredicates(telling: Telling): void {
  const { membrane } = telling
  for (const [holder, names] of [
    [ArrayBuffer, ['isView']],
    [types, Object.keys(types)],
  ] as const)
    for (const name of names)
      telling.instead(
        holder,
        name,
        (native) =>
          function told(this: unknown, value: unknown): unknown {
            return native.call(this, membrane.raw(value))
          },
      )
}
