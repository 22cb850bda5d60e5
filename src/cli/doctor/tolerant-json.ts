/**
 * Reads JSON as tsconfig.json and .swcrc are written: with comments and trailing commas.
 * @throws {SyntaxError} if it is no JSON all the same
 */
export function parseTolerantJson(text: string): unknown {
  return JSON.parse(withoutTrailingCommas(withoutComments(text.replace(/^\uFEFF/, ''))))
}

// A string, or a comment: what is in the one is not the other.
const STRING_OR_COMMENT = /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
const STRING_OR_COMMA = /("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g

function withoutComments(text: string): string {
  return text.replace(STRING_OR_COMMENT, (_, string: string | undefined) => string ?? ' ')
}

function withoutTrailingCommas(text: string): string {
  return text.replace(STRING_OR_COMMA, (_, string: string | undefined) => string ?? '')
}
