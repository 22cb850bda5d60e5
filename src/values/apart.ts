/** Whether this is a worker process: what its calls give back goes to another one. */
export let isApart = false

/** Makes this process one that has nothing in common with the one that its results go to. */
export function liveApart(): void {
  isApart = true
}
