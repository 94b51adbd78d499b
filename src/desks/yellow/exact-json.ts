/*
 * Ticket ids are numbers on the wire, and may have more digits than a JavaScript number keeps. Node reads and writes the
 * digits themselves (TC39 "JSON.parse source text access"), which TypeScript's libraries do not describe yet.
 */

declare global {
  interface JSON {
    /** An object that JSON.stringify writes as this text. Throws SyntaxError unless it is one JSON scalar. */
    rawJSON(text: string): object
  }
}

type Source = { source?: string }

/** As JSON.parse, but an integer with too many digits becomes the text of its digits. Throws SyntaxError. */
export function parseExactly(text: string): unknown {
  return parseWith(text, digits => digits)
}

/** As JSON.parse, for writing it again with the same digits. Throws SyntaxError. */
export function parseForEcho(text: string): unknown {
  return parseWith(text, digits => JSON.rawJSON(digits))
}

function parseWith(text: string, keep: (digits: string) => unknown): unknown {
  return JSON.parse(text, (_key: string, value: unknown, { source = '' }: Source = {}) => {
    const isCut = typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
    return isCut ? keep(source) : value
  })
}
