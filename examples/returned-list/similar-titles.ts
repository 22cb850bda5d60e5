import { concurrent, Job, synchronized } from 'deco-ts'

export class SimilarTitles extends Job {
  @concurrent
  closest(title: string, titles: readonly string[]): string {
    return closest(title, titles)
  }

  @synchronized
  async closestOfAll(queries: readonly string[], titles: readonly string[]): Promise<string[]> {
    return queries.map((title) => this.closest(title, titles))
  }
}

/** The other title that is the fewest edits away; of several, the first. */
export function closest(title: string, titles: readonly string[]): string {
  let best = ''
  let fewest = Number.POSITIVE_INFINITY
  for (const other of titles) {
    const edits = other === title ? fewest : editDistance(title, other)
    if (edits < fewest) {
      fewest = edits
      best = other
    }
  }
  return best
}

/** Levenshtein's distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  const row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 0; i < a.length; i++) {
    let diagonal = i
    row[0] = i + 1
    for (let j = 0; j < b.length; j++) {
      const replaced = diagonal + (a[i] === b[j] ? 0 : 1)
      diagonal = row[j + 1]!
      row[j + 1] = Math.min(replaced, diagonal + 1, row[j]! + 1)
    }
  }
  return row[b.length]!
}
