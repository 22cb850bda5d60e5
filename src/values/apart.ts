/** Whether this is a worker process: what its calls give back goes to another one. */
export let isApart = false

/** How much memory, in bytes, what a call gives back may hold. */
export let longest = Number.POSITIVE_INFINITY

/** Makes this process, or this thread, one that has nothing in common with the one that its results go to. */
export function liveApart(most = Number.POSITIVE_INFINITY): void {
  isApart = true
  longest = most
}
