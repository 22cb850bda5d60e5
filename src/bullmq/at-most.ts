/** Waits for something, whatever comes of it, but no longer than so many ms. */
export async function atMost(milliseconds: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([done.catch(() => {}), over])
  clearTimeout(timer)
}
