// Evaluates the application's sources one by one, as Vite's own server and Vitest do: `node serve.mjs VITE PROJECT`, where VITE is the
// name under which it is installed. Prints what the application prints.

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , name, project] = process.argv
const { createServer } = await import(name)
const { deco } = await import(pathToFileURL(join(project, 'node_modules/deco-ts/dist/plugin/index.js')).href)
const server = await createServer({
  ...{ root: join(project, 'src'), configFile: false, logLevel: 'error', plugins: [deco.vite()] },
  ...{ server: { middlewareMode: true, hmr: false, watch: null }, optimizeDeps: { noDiscovery: true } },
})
await server.ssrLoadModule('/main.ts')
await server.close()
