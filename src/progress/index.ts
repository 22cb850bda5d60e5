// A job's progress on a terminal: `deco-ts/progress`.

export { type ProgressBar, type ProgressBarOptions, progressBar } from './progress-bar.js'
export type { ProgressStream } from './screen.js'
