import { readdir, rm } from 'node:fs/promises'

// The versions of Node.js that `npm run test:nodes` has installed stay: they are large, and not of this project.
const built = await readdir('build').catch(() => [])
const folders = [...built.filter((name) => name !== 'nodes').map((name) => `build/${name}`), 'dist']
await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
