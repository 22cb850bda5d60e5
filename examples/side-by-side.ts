/**
 * Runs something serially, then in parallel, and prints what each took and the speed-up. The parallel time includes the start of the
 * workers.
 */
export async function sideBySide<T>(
  serial: () => T | Promise<T>,
  parallel: () => Promise<T>,
): Promise<{ serial: T; parallel: T }> {
  const start = performance.now()
  const serialResult = await serial()
  const between = performance.now()
  const parallelResult = await parallel()
  const end = performance.now()
  console.log(`serial    ${((between - start) / 1000).toFixed(2)} s`)
  console.log(`parallel  ${((end - between) / 1000).toFixed(2)} s`)
  console.log(`speed-up  ${((between - start) / (end - between)).toFixed(2)}`)
  return { serial: serialResult, parallel: parallelResult }
}
