// Every program of docs/ compiles and runs: `npm run test:docs`.

import test from 'ava'
import { documents, programsOf, runsEveryBlock } from '../helpers/document.js'

runsEveryBlock(
  test,
  documents.filter((path) => path.startsWith('docs/') && programsOf(path).length > 0),
)
