/** On a terminal one line that rewrites itself, elsewhere a line now and then. */
export function progressLine(label: string): (progress: { done: number; total: number }) => void {
  const { isTTY } = process.stderr
  let next = 0
  return ({ done, total }) => {
    const finished = done === total
    if (performance.now() < next && !finished) return
    next = performance.now() + (isTTY ? 100 : 2000)
    const percent = `${Math.floor((done / total) * 100)} %`
    if (!isTTY) console.error(`${label} ${percent}`)
    else process.stderr.write(finished ? '\r\x1b[K' : `\r${label} ${percent.padStart(5)}`)
  }
}
