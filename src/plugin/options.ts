/** What compiles decorators where a bundler does not. */
export type Compiler = 'esbuild' | 'swc' | 'babel' | 'typescript'

/** Options of `deco-ts/plugin`. */
export interface PluginOptions {
  /**
   * Puts what deco-ts needs at run time, some 400 kB, into a folder `node_modules` of the output, so that the build runs where
   * nothing is installed. `false` leaves it to the `node_modules` of the place where the build runs: for a library, or
   * where dependencies are installed anyway. Default: `true`.
   */
  readonly standalone?: boolean
  /**
   * The entries start nothing when a worker imports them, as those of a library, or of a program that does its work behind
   * `isMainThread`: decorated classes may stand in them. Default: `false`, where a decorated class in an entry is an error.
   */
  readonly library?: boolean
  /**
   * What compiles the decorators of modules with deco-ts classes. `'auto'` takes the first of esbuild, swc, Babel and TypeScript
   * (before 7) that is installed, and only with bundlers that do not compile decorators: rolldown and Vite. A name takes that one,
   * with rollup as well. `false` leaves it to other plugins. Default: `'auto'`. esbuild and webpack compile in their own ways.
   */
  readonly compile?: 'auto' | Compiler | false
}

/**
 * The options with their defaults.
 * @throws {TypeError} on an option that there is not, or a value that it cannot have
 */
export function checkOptions(options: PluginOptions = {}): Required<PluginOptions> {
  const known = { standalone: [true, false], library: [true, false], compile: COMPILE }
  for (const [name, value] of Object.entries(options)) {
    const values: readonly unknown[] | undefined = known[name as keyof typeof known]
    if (values === undefined)
      throw new TypeError(
        `Cannot use the option ${name} of deco-ts/plugin: there are ${Object.keys(known).join(', ')}. Way out: leave it out.`,
      )
    if (value !== undefined && !values.includes(value))
      throw new TypeError(
        `Cannot use ${JSON.stringify(value)} as the option ${name} of deco-ts/plugin. Way out: one of ${values.map((each) => JSON.stringify(each)).join(', ')}.`,
      )
  }
  const { standalone = true, library = false, compile = 'auto' } = options
  return { standalone, library, compile }
}

const COMPILE = ['auto', 'esbuild', 'swc', 'babel', 'typescript', false]
