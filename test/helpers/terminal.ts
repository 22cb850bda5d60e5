import xterm from '@xterm/headless'

/** A terminal that shows what is written to it, as those do before which people sit. */
export class Terminal {
  readonly isTTY = true
  readonly columns: number
  readonly #terminal
  /** All that has been written. */
  written = ''

  constructor(columns = 80) {
    this.columns = columns
    this.#terminal = new xterm.Terminal({ cols: columns, rows: 24, allowProposedApi: true })
  }

  write(text: string): void {
    this.written += text
    // A terminal device makes a carriage return of every line feed.
    this.#terminal.write(text.replaceAll(/\r?\n/g, '\r\n'))
  }

  /** The lines that it shows, down to the one in which the cursor is. */
  async lines(): Promise<string[]> {
    await new Promise<void>((resolve) => this.#terminal.write('', resolve))
    const { active } = this.#terminal.buffer
    const count = active.baseY + active.cursorY + 1
    return Array.from({ length: count }, (_, i) => active.getLine(i)!.translateToString(true))
  }
}

/** What is no terminal. */
export class Paper {
  /** All that has been written. */
  written = ''

  write(text: string): void {
    this.written += text
  }
}
