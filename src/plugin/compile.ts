import { createRequire } from 'node:module'
import { isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { compilerMissing, noCompiler } from './build-error.js'
import type { Compiler } from './options.js'

/** A module with its decorators compiled. */
export interface Compiled {
  readonly code: string
  /** Its source map, as JSON. */
  readonly map: string | undefined
}

/**
 * Compiles the decorators of a module, and its types, with a compiler that the project has installed.
 * @throws {Error} if it has none, or not the one that was asked for
 */
export async function compile(code: string, id: string, which: 'auto' | Compiler, bundler: string): Promise<Compiled> {
  const file = id.replace(/[?#].*$/, '')
  // A module that another plugin made has no place of its own.
  const require = createRequire(isAbsolute(file) ? file : resolve('package.json'))
  for (const name of which === 'auto' ? (Object.keys(COMPILERS) as Compiler[]) : [which]) {
    const { packages, load } = COMPILERS[name]
    const paths = packages.flatMap((path) => tried(() => require.resolve(path)) ?? [])
    if (paths.length < packages.length) continue
    const run = load(await loaded(paths[0]!), paths)
    if (run !== undefined) return run(code, file)
  }
  throw new Error(
    which === 'auto' ? noCompiler(file, bundler) : compilerMissing(file, which, COMPILERS[which].packages),
  )
}

type Run = (code: string, file: string) => Promise<Compiled> | Compiled

interface CompilerPackage {
  readonly packages: readonly string[]
  /** `undefined` says that this version cannot. */
  load(module: never, paths: readonly string[]): Run | undefined
}

interface Transforms {
  transform(code: string, options: object): Promise<Compiled>
}

const COMPILERS: Record<Compiler, CompilerPackage> = {
  esbuild: {
    packages: ['esbuild'],
    load: (esbuild: Transforms) => async (code, file) => {
      const { code: out, map } = await esbuild.transform(code, {
        loader: isTypeScript(file) ? (isJsx(file) ? 'tsx' : 'ts') : isJsx(file) ? 'jsx' : 'js',
        ...{ target: 'es2022', sourcefile: file, sourcemap: 'external' },
        // Whatever the project's own tsconfig.json says.
        tsconfigRaw: { compilerOptions: { experimentalDecorators: false } },
      })
      return { code: out, map }
    },
  },
  swc: {
    packages: ['@swc/core'],
    load: (swc: Transforms) => async (code, file) => {
      const syntax = isTypeScript(file)
        ? { syntax: 'typescript', tsx: isJsx(file) }
        : { syntax: 'ecmascript', jsx: isJsx(file) }
      const { code: out, map } = await swc.transform(code, {
        ...{ filename: file, swcrc: false, configFile: false, sourceMaps: true },
        jsc: { target: 'es2022', parser: { ...syntax, decorators: true }, transform: { decoratorVersion: '2022-03' } },
      })
      return { code: out, map }
    },
  },
  babel: {
    packages: ['@babel/core', '@babel/plugin-proposal-decorators', '@babel/preset-typescript'],
    load:
      (babel: { transformAsync(code: string, options: object): Promise<{ code: string; map: object }> }, paths) =>
      async (code, file) => {
        const [, decorators, typescript] = paths
        const { code: out, map } = await babel.transformAsync(code, {
          ...{ filename: file, babelrc: false, configFile: false, sourceMaps: true },
          plugins: [[decorators, { version: '2023-11' }]],
          presets: isTypeScript(file) ? [typescript] : [],
        })
        return { code: out, map: JSON.stringify(map) }
      },
  },
  typescript: {
    packages: ['typescript'],
    load({ transpileModule, ScriptTarget, ModuleKind }: TypeScript) {
      // From 7 on it has no such function.
      if (transpileModule === undefined) return undefined
      return (code, fileName) => {
        const { outputText, sourceMapText } = transpileModule(code, {
          fileName,
          compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.ESNext, sourceMap: true },
        })
        return { code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'), map: sourceMapText }
      }
    },
  },
}

interface TypeScript {
  readonly transpileModule?: (
    code: string,
    options: object,
  ) => { outputText: string; sourceMapText: string | undefined }
  readonly ScriptTarget: { readonly ES2022: number }
  readonly ModuleKind: { readonly ESNext: number }
}

function isTypeScript(file: string): boolean {
  return /\.[mc]?tsx?$/.test(file)
}

function isJsx(file: string): boolean {
  return file.endsWith('x')
}

// Some are CommonJS, whose exports not all show as names.
async function loaded(path: string): Promise<never> {
  const module = (await import(pathToFileURL(path).href)) as { default?: object }
  return { ...module.default, ...module } as never
}

function tried<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
