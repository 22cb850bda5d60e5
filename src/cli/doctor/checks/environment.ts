import { type Finding, finding } from '../finding.js'
import type { Project } from '../project.js'

const EXECUTORS = ['', 'threads', 'processes', 'inline']

/** Whether the variables of the environment that deco-ts reads can be used. */
export function* environment({ env }: Project): Generator<Finding> {
  const { DECO_EXECUTOR = '', DECO_WORKERS = '' } = env
  if (!EXECUTORS.includes(DECO_EXECUTOR)) {
    const what = `DECO_EXECUTOR is ${DECO_EXECUTOR}: there is no such executor.`
    yield finding('environment', null, what, 'DECO_EXECUTOR=threads, processes or inline, or none')
  }
  if (DECO_WORKERS !== '' && !(Number.isSafeInteger(Number(DECO_WORKERS)) && Number(DECO_WORKERS) > 0)) {
    const what = `DECO_WORKERS is ${DECO_WORKERS}: it must be a positive whole number.`
    yield finding('environment', null, what, 'the number of workers, such as DECO_WORKERS=4, or none')
  }
}
