// The figures of others in one line, for the README: the best library, tinypool, on whose workers deco-ts runs, and batches by
// hand. The claim's own table has them all.

export function others(rows, said, isBetter = (a, b) => a < b) {
  const libraries = rows.filter(({ file }) => !file.startsWith('deco-ts') && !file.endsWith('by-hand'))
  const best = libraries.reduce((best, row) => (isBetter(row.value, best.value) ? row : best))
  const byHand = rows.filter(({ file }) => file === 'batches-by-hand')
  const chosen = [best, ...libraries.filter((row) => row.file === 'tinypool' && row !== best), ...byHand]
  return chosen.map(({ name, value }) => `${name} ${said(value)}`).join('; ')
}
