// What all hosts of a bench have in common: they serve what they are asked to, tell how much processor time they have used, and end with
// whoever started them.

export async function host(serve) {
  process.on('disconnect', () => process.exit())
  process.on('message', async (message) => {
    if (message === 'usage') {
      const { user, system } = process.cpuUsage()
      process.send((user + system) / 1000)
      return
    }
    await serve(message)
    process.send('ready')
  })
}
