import { makeServer } from './server.js'

const server = makeServer().listen(Number(process.env.PORT ?? 3000), () => console.log(server.address()))
