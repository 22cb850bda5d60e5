// The code blocks of a Markdown document.

export interface CodeBlock {
  readonly language: string
  readonly code: string
  /** The file that the block says it is: its first line is `// name.ts`. */
  readonly file: string | undefined
  /** Why the block is not code to be compiled: the comment `<!-- fragment: reason -->` right above it. */
  readonly fragment: string | undefined
  /** Where it begins. */
  readonly line: number
}

const BLOCK = /(?:^<!-- fragment: (.+) -->\n+)?^```(\w*)\n([\s\S]*?)^```$/gm

export function codeBlocks(markdown: string): CodeBlock[] {
  return [...markdown.matchAll(BLOCK)].map(({ 1: fragment, 2: language = '', 3: code = '', index }) => ({
    language,
    code,
    file: /^\/\/ ([\w-]+\.ts)\n/.exec(code)?.[1],
    fragment,
    line: markdown.slice(0, index).split('\n').length,
  }))
}
