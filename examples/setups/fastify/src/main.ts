import { makeServer } from './server.js'

console.log(await makeServer().listen({ port: Number(process.env.PORT ?? 3000) }))
