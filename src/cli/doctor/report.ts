import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FindingId } from './catalog.js'
import { CHECKS } from './checks.js'
import { type Finding, inOrder } from './finding.js'
import { judge } from './judge.js'
import { type Cost, measure } from './measure.js'
import { type Probed, probe } from './probe.js'
import type { FoundMethod } from './probed.js'
import { Project } from './project.js'

/** What `deco doctor --json` prints. Fields may be added within a version; docs/doctor.md describes them. */
export interface DoctorReport {
  readonly version: 1
  /** Version of the deco-ts that the project uses; `null` if it has none. */
  readonly deco: string | null
  readonly node: string
  readonly platform: string
  /** Folder of the project. */
  readonly project: string
  /** Nothing has been found. */
  readonly healthy: boolean
  readonly modules: readonly ModuleReport[]
  /** `null` where it was not measured. */
  readonly cost: Cost | null
  /** The weightiest first. */
  readonly findings: readonly Finding[]
}

/** What came of one module. */
export interface ModuleReport {
  /** Seen from the project's folder. */
  readonly file: string
  readonly loaded: boolean
  /** How long a worker took to import it; `null` if it could not. */
  readonly milliseconds: number | null
  readonly methods: readonly FoundMethod[]
}

export interface ReportOptions {
  readonly cwd: string
  /** Absolute paths. */
  readonly modules: readonly string[]
  /** Whether the cost of calls is measured. */
  readonly measure: boolean
  /** How long the import of a module, or measuring, may take, in ms. */
  readonly limit: number
  /** What an import may take before it is called slow, in ms. */
  readonly slow: number
  /** Kinds of findings that are not wanted. */
  readonly ignore: readonly FindingId[]
  /** What is run by the process in which modules are loaded. */
  readonly script: URL
  /** Version of Node.js. Default: this one's. */
  readonly node?: string
  readonly env?: NodeJS.ProcessEnv
}

/** Looks at a project, loads its modules, and measures. */
export async function makeReport(options: ReportOptions): Promise<DoctorReport> {
  const { modules, script, limit, slow, ignore } = options
  const base = new Project({ folder: options.cwd })
  const projectAt = (folder: string) => new Project({ ...options, folder, base: base.folder })
  // Of a workspace, the packages that are asked about.
  const packages = new Set(modules.map((file) => base.packageAbove(dirname(file)) ?? base.folder))
  const projects = new Map([...(packages.size > 0 ? packages : [base.folder])].map((at) => [at, projectAt(at)]))
  const setUp = [...projects.values()].flatMap((project) => CHECKS.flatMap((check) => [...check(project)]))
  const fromModules: Finding[] = []
  const reports: ModuleReport[] = []
  // One after another: each is timed.
  for (const file of modules) {
    const project = projects.get(base.packageAbove(dirname(file)) ?? base.folder)!
    const probed = await probe(script, file, project.folder, limit)
    fromModules.push(...judge(project, probed, slow))
    reports.push(moduleReport(project, probed))
  }
  const measured = options.measure ? await measure(limit, options.env) : null
  if (measured !== null && 'id' in measured) fromModules.push(measured)
  const findings = inOrder(setUp, fromModules).filter(({ id }) => !ignore.includes(id))
  return {
    version: 1,
    deco: [...projects.values()][0]!.deco?.manifest.version ?? null,
    node: base.node,
    platform: `${process.platform}-${process.arch}`,
    project: base.folder,
    healthy: findings.length === 0,
    modules: reports,
    cost: measured === null || 'id' in measured ? null : costReport(measured),
    findings,
  }
}

function moduleReport(project: Project, probed: Probed): ModuleReport {
  const seen = probed.state === 'loaded' || probed.state === 'failed' ? probed.seen : undefined
  return {
    file: project.name(probed.file),
    loaded: probed.state === 'loaded',
    milliseconds: probed.state === 'loaded' ? rounded(probed.seen.milliseconds) : null,
    methods: (seen?.methods ?? []).map((method) => ({ ...method, module: nameOf(project, method.module) })),
  }
}

function costReport({ executor, coldStart, call }: Cost): Cost {
  return { executor, coldStart: rounded(coldStart), call: rounded(call) }
}

function nameOf(project: Project, url: string | null): string | null {
  return url?.startsWith('file:') ? project.name(fileURLToPath(url)) : url
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
