import { rm } from 'node:fs/promises'

await Promise.all(['build', 'dist'].map((folder) => rm(folder, { recursive: true, force: true })))
