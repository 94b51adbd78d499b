const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Takes two cells: emoji, and the wide letters of East Asia (Unicode UAX #11, the blocks in common use). */
const WIDE =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u

/** How many cells of a terminal a text without line breaks takes. */
export function widthOf(text: string): number {
  return split(text).reduce((sum, grapheme) => sum + widthOfGrapheme(grapheme), 0)
}

/** The text in lines of at most `width` cells, broken between words where that is possible. Never empty. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap(line => wrapLine(line, width))
}

/** The text, or its beginning with an ellipsis, in at most `width` cells. */
export function shorten(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${takeCells(text, width - 1).trimEnd()}…`
}

function split(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

function widthOfGrapheme(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0
  return WIDE.test(grapheme) ? 2 : 1
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of line.split(' ').flatMap(word => cutWord(word, width))) {
    const longer = current === '' ? word : `${current} ${word}`
    if (widthOf(longer) > width) lines.push(current)
    current = widthOf(longer) > width ? word : longer
  }
  return [...lines, current]
}

/** A word that fits no line, such as an address, in pieces that do. */
function cutWord(word: string, width: number): string[] {
  const head = takeCells(word, width)
  return head === '' || head === word ? [word] : [head, ...cutWord(word.slice(head.length), width)]
}

function takeCells(text: string, cells: number): string {
  let taken = ''
  let used = 0
  for (const grapheme of split(text)) {
    used += widthOfGrapheme(grapheme)
    if (used > cells) break
    taken += grapheme
  }
  return taken
}
