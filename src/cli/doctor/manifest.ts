/** A package.json, as far as it is looked at. */
export interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly type?: string
  readonly engines?: { readonly node?: string }
  readonly volta?: { readonly node?: string }
  readonly scripts?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, unknown>>
  readonly tsconfig?: string
  readonly babel?: unknown
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A package that is there. */
export interface Package {
  /** Where it really lies. */
  readonly folder: string
  readonly manifest: Manifest
}

/** All that a package asks for. */
export function dependenciesOf({ manifest }: Package): Readonly<Record<string, string>> {
  const { dependencies, optionalDependencies, peerDependencies } = manifest
  return { ...peerDependencies, ...optionalDependencies, ...dependencies }
}
