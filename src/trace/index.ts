// deco-ts/trace: recording a run, and writing it for people to look at.

export type { Loss } from './accounts.js'
export { writeChromeTrace } from './chrome.js'
export { readTrace, writeTrace } from './file.js'
export { type Recording, type RecordOptions, record } from './record.js'
export { writeTimeline } from './timeline.js'
export type {
  RecordedBatch,
  RecordedCall,
  RecordedCommit,
  RecordedPhase,
  RecordedRun,
  RecordedWorker,
  Trace,
} from './trace.js'
export { type Verdict, type VerdictLoss, verdict } from './verdict.js'
