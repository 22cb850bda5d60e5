// So many arguments, and so many characters of a string, are told of.
const MOST = 4
const LONGEST = 24

/** Arguments in a few characters, without reading anything that could run code of the program. */
export function inShort(args: readonly unknown[]): string {
  let text = ''
  for (let i = 0; i < args.length && i < MOST; i++) text += (i === 0 ? '' : ', ') + short(args[i])
  return args.length > MOST ? `${text}, …` : text
}

function short(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? 'function' : String(value)
  if (Array.isArray(value)) return `Array(${value.length})`
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`
  return Object.prototype.toString.call(value).slice(8, -1)
}
