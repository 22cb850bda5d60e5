import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { write } from '../lettering.js'
import type { TellingWord } from './telling.js'

const columns = 3
const [panelWidth, panelHeight, top] = [290, 150, 60]

/** A panel for each book with its words as bars, as PNG. */
export function drawWords(books: ReadonlyMap<string, readonly TellingWord[]>): Buffer {
  const canvas = createCanvas(columns * panelWidth + 20, top + Math.ceil(books.size / columns) * panelHeight)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, canvas.width, canvas.height)
  write(context, 'What each book says that others do not: times in ten thousand words', 20, 34, { size: 17 })
  for (const [index, [book, words]] of [...books].entries()) {
    const x = 20 + (index % columns) * panelWidth
    drawPanel(context, titles[book] ?? book, words, x, top + Math.floor(index / columns) * panelHeight)
  }
  return canvas.toBuffer('image/png')
}

function drawPanel(context: SKRSContext2D, title: string, words: readonly TellingWord[], x: number, y: number): void {
  write(context, title, x, y + 14, { size: 14 })
  const longest = Math.max(...words.map(({ perTenThousand }) => perTenThousand))
  for (const [index, { word, perTenThousand }] of words.entries()) {
    const line = y + 34 + index * 18
    write(context, word, x + 90, line, { align: 'right', size: 12 })
    const width = (perTenThousand / longest) * 130
    context.fillStyle = '#41b6c4'
    context.fillRect(x + 98, line - 10, width, 12)
    write(context, perTenThousand.toFixed(perTenThousand < 10 ? 1 : 0), x + 104 + width, line, {
      size: 11,
      colour: '#666',
    })
  }
}

const titles: Record<string, string> = {
  'austen-emma': 'Jane Austen, Emma',
  'austen-persuasion': 'Jane Austen, Persuasion',
  'austen-sense': 'Jane Austen, Sense and Sensibility',
  'bible-kjv': 'The King James Bible',
  'blake-poems': 'William Blake, Poems',
  'bryant-stories': 'Sara Cone Bryant, Stories to Tell',
  'burgess-busterbrown': 'Thornton Burgess, Buster Bear',
  'carroll-alice': "Lewis Carroll, Alice's Adventures",
  'chesterton-ball': 'G. K. Chesterton, The Ball and the Cross',
  'chesterton-brown': 'G. K. Chesterton, Father Brown',
  'chesterton-thursday': 'G. K. Chesterton, Thursday',
  'edgeworth-parents': "Maria Edgeworth, The Parent's Assistant",
  'melville-moby_dick': 'Herman Melville, Moby Dick',
  'milton-paradise': 'John Milton, Paradise Lost',
  'shakespeare-caesar': 'William Shakespeare, Julius Caesar',
  'shakespeare-hamlet': 'William Shakespeare, Hamlet',
  'shakespeare-macbeth': 'William Shakespeare, Macbeth',
  'whitman-leaves': 'Walt Whitman, Leaves of Grass',
}
