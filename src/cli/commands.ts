/** What can be asked of `deco`. */
export interface Command {
  /** What it does, in a line. */
  readonly summary: string
  /** Loads what it needs, and nothing that other commands need. Its main function gives the exit code. */
  load(): Promise<{ readonly help: string; main(args: readonly string[]): Promise<number> }>
}

/** The commands, by their names. */
export const COMMANDS: { readonly [name: string]: Command } = {
  doctor: {
    summary: "check a project's set-up, and load its modules as a worker does",
    load: () => import('./doctor.js'),
  },
  trace: { summary: 'run a program, and show what its jobs did when', load: () => import('./trace.js') },
  worker: { summary: 'serve a queue: run the calls that other machines make', load: () => import('./worker.js') },
}
