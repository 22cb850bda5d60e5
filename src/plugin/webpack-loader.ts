import { relative } from 'node:path'
import { decoratorsOf } from './decorators-of.js'

// What is used of webpack's loader context here.
interface LoaderContext {
  readonly resourcePath: string
  readonly rootContext: string
}

/** deco-ts for what this loader makes, which comes from the same file as the module that gets it in place of deco-ts. */
export const ITSELF = 'deco-ts?itself'

/** The loader for webpack that turns a module with decorated classes into what the module gets in place of deco-ts. */
export default function load(this: LoaderContext): string {
  const { resourcePath, rootContext } = this
  // Two modules may have one name, but not one path.
  const name = relative(rootContext, resourcePath)
    .replace(/\.\w+$/, '')
    .replace(/\W+/g, '-')
  return decoratorsOf(
    // webpack looks for workers after `new`.
    `new inModule(/* webpackChunkName: ${JSON.stringify(name)}, webpackEntryOptions: { "runtime": "deco-ts" } */ ` +
      `new URL(${JSON.stringify(resourcePath)}, import.meta.url), { isCopied: true })`,
    ITSELF,
  )
}
