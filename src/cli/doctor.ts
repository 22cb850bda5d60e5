import { makeReport } from './doctor/report.js'
import { DOCTOR_HELP, doctorSettings } from './doctor/settings.js'
import { textOf } from './doctor/text.js'

// In the package this file stands where it does in the source, while everything else of the command is elsewhere.
const SCRIPT = new URL('./doctor/probe-process.js', import.meta.url)

export const help = DOCTOR_HELP

/** Looks at a project. */
export async function main(args: readonly string[]): Promise<number> {
  const { json, ...settings } = doctorSettings(args)
  const report = await makeReport({ ...settings, script: SCRIPT })
  const { isTTY, columns } = process.stdout
  const colours = isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb'
  console.log(json ? JSON.stringify(report, null, 2) : textOf(report, { colours, ...(columns > 0 && { columns }) }))
  return report.healthy ? 0 : 1
}
