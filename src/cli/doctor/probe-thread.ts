// A worker thread that imports a module as that of a lane does, and looks at what that brings.

import { workerData } from 'node:worker_threads'
import { EntryModuleError } from '../../errors.js'
import '../../index.js'
import { type ClassEntry, registeredClasses } from '../../metadata.js'
import { becomeWorker } from '../../worker/context.js'
import { importClass, notedEntryJob } from '../../worker/modules.js'
import { watchEffects } from './effects.js'
import { type FoundMethod, type ProbeTask, plainError, type Seen, type Told } from './probed.js'

const { url, port } = workerData as ProbeTask
const tell = (told: Told) => port.postMessage(told)

becomeWorker()
// Of an entry script whose job failed, something else tells.
process.on('unhandledRejection', (reason) => {
  if (!(reason instanceof EntryModuleError)) throw reason
})
const effects = watchEffects((child, isGone) => tell({ child, isGone }))
const started = performance.now()
let thrown: unknown
try {
  await importClass({ module: url, position: 0, name: '' })
} catch (error) {
  thrown = error
}
const milliseconds = performance.now() - started
const found = await effects()
// A job may be started later, by what goes on after the import.
thrown ??= notedEntryJob()
const seen: Seen = {
  milliseconds,
  effects: found,
  methods: registeredClasses().flatMap(methodsOf),
  modules: [...new Set(registeredClasses().map(({ module }) => module ?? null))],
  ...(thrown !== undefined && { error: plainError(thrown) }),
}
tell({ seen })

function methodsOf({ name, prototype, module, methods }: ClassEntry): FoundMethod[] {
  // Where a compiler renames a class, its right name is set when the class is complete.
  const className = (prototype?.constructor as Function | undefined)?.name || name
  return [...methods.values()].map(({ name: method, options }) => {
    const { mutates = 'auto', onConflict = 'error', timeout = null, retries = 0 } = options
    return { class: className, method, module: module ?? null, mutates, onConflict, timeout, retries }
  })
}
