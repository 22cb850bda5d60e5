import * as deco from '../index.js'

const BOUND = ['concurrent', 'synchronized', 'serializable']

/**
 * The code of what a module with decorated classes gets in place of deco-ts: all the same, but for decorators that know by
 * which URL a worker imports that module. `bound` is code that gives them, by `inModule`.
 */
export function decoratorsOf(bound: string, everythingElse = 'deco-ts'): string {
  const others = Object.keys(deco).filter((name) => !BOUND.includes(name))
  return `import { inModule } from 'deco-ts/in-module'
export { ${others.join(', ')} } from '${everythingElse}'
export const { ${BOUND.join(', ')} } = ${bound}
`
}
