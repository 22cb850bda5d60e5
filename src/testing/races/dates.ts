import { types } from 'node:util'
import { isObject, type Telling } from './telling.js'

/** Has Dates tell who asks and who sets them. */
export function tellOfDates(telling: Telling): void {
  const { memory } = telling.membrane
  for (const name of Reflect.ownKeys(Date.prototype)) {
    if (name === 'constructor') continue
    const isSetter = typeof name === 'string' && name.startsWith('set')
    telling.tell(Date.prototype, name, ({ native, self, shadow, args, above }) => {
      if (name !== 'setTime') memory.read(shadow, 'time', above)
      if (isSetter) memory.write(shadow, 'time', above)
      return native.apply(self, args as unknown[])
    })
  }
  // A copy of a Date asks none of its methods.
  const Days = new Proxy(Date, {
    construct(Native, args, newTarget) {
      const shadow = args.length === 1 && isObject(args[0]) ? memory.known(args[0]) : undefined
      if (shadow !== undefined && types.isDate(args[0])) memory.read(shadow, 'time', Days)
      return Reflect.construct(Native, args, newTarget) as Date
    },
  })
  telling.replaceGlobal('Date', Days)
  telling.replace(Date.prototype, 'constructor', Days)
}
