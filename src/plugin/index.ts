import { createRequire } from 'node:module'
import type { UnpluginInstance } from 'unplugin'
import { DecoError } from '../errors.js'
import { esbuildSetup } from './esbuild.js'
import { checkOptions, type PluginOptions } from './options.js'
import { rollupHooks } from './rollup.js'
import { applyToWebpack, type Compiler as WebpackCompiler } from './webpack.js'

export type { Compiler, PluginOptions } from './options.js'

/** The bundlers that there is a plugin for. */
export type Bundler = 'rollup' | 'vite' | 'rolldown' | 'esbuild' | 'webpack'

/** A plugin for each bundler, made by calling it. */
export type DecoPlugin = Pick<UnpluginInstance<PluginOptions | undefined, false>, Bundler>

/**
 * The plugin for bundlers. A module with decorated classes becomes a file of its own, so that workers load the class and not the
 * program; what deco-ts needs at run time comes along. A class in the entry of a program, and a setting that
 * leaves no file to the module, are errors of the build.
 *
 * Needs the package `unplugin`.
 *
 * @throws {DecoError} if `unplugin` is not installed
 * @throws {TypeError} on an option that there is not
 * @example
 * // rollup.config.js, and in the same way: deco.vite(), deco.rolldown(), deco.esbuild(), deco.webpack()
 * export default { input: 'src/main.js', output: { dir: 'dist' }, plugins: [deco.rollup()] }
 */
export const deco: DecoPlugin = {
  rollup: (options) => pluginsFor('rollup').rollup(options),
  vite: (options) => pluginsFor('vite').vite(options),
  rolldown: (options) => pluginsFor('rolldown').rolldown(options),
  esbuild: (options) => pluginsFor('esbuild').esbuild(options),
  webpack: (options) => pluginsFor('webpack').webpack(options),
}

function pluginsFor(bundler: Bundler): UnpluginInstance<PluginOptions | undefined, false> {
  const { createUnplugin } = unplugin(bundler)
  return createUnplugin((given) => {
    const options = checkOptions(given)
    let isServed = false
    return {
      name: 'deco-ts',
      enforce: 'pre',
      rollup: rollupHooks(options, 'rollup'),
      rolldown: rollupHooks(options, 'rolldown') as object,
      vite: {
        ...(rollupHooks(options, 'Vite', () => isServed) as object),
        configResolved({ command }) {
          isServed = command === 'serve'
        },
      },
      esbuild: { setup: (build) => esbuildSetup(build, options) },
      webpack: (compiler) => applyToWebpack(compiler as unknown as WebpackCompiler, options),
    }
  })
}

// Only here: programs that are not bundled do not need it.
function unplugin(bundler: Bundler): typeof import('unplugin') {
  const require = createRequire(import.meta.url)
  try {
    return require('unplugin') as typeof import('unplugin')
  } catch (cause) {
    throw new DecoError(
      `Cannot use deco.${bundler}(): unplugin is not installed. Way out: npm install --save-dev unplugin`,
      { cause },
    )
  }
}
