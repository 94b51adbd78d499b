/** What a code point takes of the limit. */
export type Weigh = (codePoint: string) => number

/** As it is. */
export const plain: Weigh = () => 1

/** With every `@` doubled, as broadcasts want it. */
export const doubled: Weigh = codePoint => (codePoint === '@' ? 2 : 1)

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** White space that may end a line; the no-break spaces hold their words together. */
const SPACE = /^[^\S\u00a0\u2007\u202f\ufeff]+$/u

/**
 * The text in parts that weigh at most `limit` each; joined, they are the text. Cut between words, the white space staying
 * with the word before it; a word that is too long between graphemes; a grapheme that is too long between code points.
 * A part is blank only where white space did not fit anywhere else. A single code point heavier than the limit is a part.
 */
export function splitText(text: string, limit: number, weigh: Weigh): string[] {
  if (text === '') return []
  if (weight(text, weigh) <= limit) return [text]
  const parts = createParts(limit, weigh)
  for (const run of runsOf(text)) {
    if (parts.fits(run.text)) parts.add(run.text)
    else if (run.space) fill(parts, run.text)
    else addWord(parts, run.text, weight(run.text, weigh) <= limit)
  }
  return parts.all()
}

export function weight(text: string, weigh: Weigh): number {
  let sum = 0
  for (const codePoint of text) sum += weigh(codePoint)
  return sum
}

type Parts = ReturnType<typeof createParts>

/** Collects parts; only the last one is open. */
function createParts(limit: number, weigh: Weigh) {
  const done: string[] = []
  let last = ''
  let load = 0
  return {
    fits: (piece: string) => load + weight(piece, weigh) <= limit,
    isBlank: () => last.trim() === '',
    add(piece: string) {
      last += piece
      load += weight(piece, weigh)
    },
    next() {
      if (last !== '') done.push(last)
      last = ''
      load = 0
    },
    all: () => (last === '' ? done : [...done, last]),
  }
}

function addWord(parts: Parts, word: string, fitsAlone: boolean): void {
  // White space alone is no message: a word that has to be cut anyway starts right after it.
  if (fitsAlone || !parts.isBlank()) parts.next()
  if (fitsAlone) parts.add(word)
  else fill(parts, word)
}

/** Adds as much as fits, grapheme by grapheme, and goes on in the next part. */
function fill(parts: Parts, run: string): void {
  for (const { segment } of graphemes.segment(run)) {
    if (!parts.fits(segment)) parts.next()
    if (parts.fits(segment)) parts.add(segment)
    else fillCodePoints(parts, segment)
  }
}

function fillCodePoints(parts: Parts, grapheme: string): void {
  for (const codePoint of grapheme) {
    if (!parts.fits(codePoint)) parts.next()
    parts.add(codePoint)
  }
}

/** The words and the white space between them, in order. A space with a combining mark on it is part of a word. */
function* runsOf(text: string): Generator<{ text: string; space: boolean }> {
  let run = { text: '', space: false }
  for (const { segment } of graphemes.segment(text)) {
    const space = SPACE.test(segment)
    if (space !== run.space && run.text !== '') {
      yield run
      run = { text: '', space }
    }
    run = { text: run.text + segment, space }
  }
  yield run
}
