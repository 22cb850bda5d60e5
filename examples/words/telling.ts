/** A word that a book says more often than others, and how often it does in ten thousand words. */
export interface TellingWord {
  readonly word: string
  readonly perTenThousand: number
}

/**
 * The words of each book, of three letters or more, whose counts stand out: count times the logarithm of all books over those that
 * have the word (tf-idf).
 */
export function tellingWords(
  books: ReadonlyMap<string, ReadonlyMap<string, number>>,
  most: number,
): Map<string, TellingWord[]> {
  const booksWith = new Map<string, number>()
  for (const counts of books.values())
    for (const word of counts.keys()) booksWith.set(word, (booksWith.get(word) ?? 0) + 1)
  const telling = new Map<string, TellingWord[]>()
  for (const [book, counts] of books) {
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
    const weight = ([word, count]: readonly [string, number]) => count * Math.log(books.size / booksWith.get(word)!)
    const best = [...counts]
      .filter(([word]) => word.length > 2)
      .sort((a, b) => weight(b) - weight(a))
      .slice(0, most)
    telling.set(
      book,
      best.map(([word, count]) => ({ word, perTenThousand: (count / total) * 10_000 })),
    )
  }
  return telling
}
