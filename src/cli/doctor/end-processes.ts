/** The processes that a module has started and that may be alive. */
export class StartedProcesses {
  readonly pids = new Set<number>()

  note({ child, isGone }: { readonly child: number; readonly isGone: boolean }): void {
    if (isGone) this.pids.delete(child)
    else this.pids.add(child)
  }
}

/** Ends processes, and the groups of those that lead one. */
export function endProcesses(pids: Iterable<number>): void {
  for (const pid of pids) {
    // Systems without groups know no negative numbers.
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, 'SIGKILL')
      } catch {
        // It has ended meanwhile, or leads no group.
      }
    }
  }
}
