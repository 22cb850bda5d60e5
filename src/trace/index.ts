// deco-ts/trace: recording a run, and writing it for people to look at.

export { writeChromeTrace } from './chrome.js'
export { readTrace, writeTrace } from './file.js'
export { type Recording, type RecordOptions, record } from './record.js'
export type {
  RecordedBatch,
  RecordedCall,
  RecordedCommit,
  RecordedPhase,
  RecordedWorker,
  Trace,
} from './trace.js'
