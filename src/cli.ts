#!/usr/bin/env node
// The command `deco`.

import { run } from './cli/run.js'

process.exitCode = await run(process.argv.slice(2))
