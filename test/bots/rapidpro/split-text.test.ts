import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { doubled, plain, splitText, weight } from '../../../src/bots/rapidpro/split-text.ts'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** The offsets between which no cut may be made. */
function boundariesOf(text: string): Set<number> {
  return new Set([...graphemes.segment(text)].map(({ index }) => index))
}

/** The offsets at which the parts begin. */
function cutsOf(parts: string[]): number[] {
  let offset = 0
  return parts.map(part => {
    offset += part.length
    return offset - part.length
  })
}

const pieces = fc.constantFrom(
  ...[
    'a',
    'word',
    'größer',
    '日本語',
    'สวัสดี',
    '@',
    '@@',
    'e\u0301',
    'n\u0303\u0323',
    '👍🏽',
    '👩‍👩‍👧‍👦',
    '🇬🇹',
    '🇬',
    '한국',
    'क्षि',
  ],
  ...[' ', '  ', '\n', '\r\n', '\t', '\u00a0', ' \u0301', '\u200d', '\ufe0f', '\ud83d', '.'],
)
const texts = fc.array(pieces, { maxLength: 60 }).map(list => list.join(''))
const limits = fc.integer({ min: 2, max: 40 })
const weighs = fc.constantFrom(plain, doubled)

describe('splitText, for every text', () => {
  it('joined, the parts are the text; none is empty or too heavy', () => {
    fc.assert(
      fc.property(texts, limits, weighs, (text, limit, weigh) => {
        const parts = splitText(text, limit, weigh)
        expect(parts.join('')).toBe(text)
        expect(parts).not.toContain('')
        for (const part of parts) expect(weight(part, weigh)).toBeLessThanOrEqual(limit)
      }),
    )
  })

  it('cuts no grapheme that fits', () => {
    fc.assert(
      fc.property(texts, limits, weighs, (text, limit, weigh) => {
        fc.pre([...graphemes.segment(text)].every(({ segment }) => weight(segment, weigh) <= limit))
        const boundaries = boundariesOf(text)
        const parts = splitText(text, limit, weigh)
        expect(cutsOf(parts).filter(cut => !boundaries.has(cut))).toEqual([])
      }),
    )
  })

  it('cuts no word that fits, where words are made of letters', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(words, fc.integer({ min: 7, max: 40 }), (list, limit) => {
        const parts = splitText(list.join(' '), limit, plain)
        expect(parts.flatMap(part => part.trim().split(' '))).toEqual(list)
      }),
    )
  })

  it('of a part is the part', () => {
    fc.assert(
      fc.property(texts, limits, weighs, (text, limit, weigh) => {
        const parts = splitText(text, limit, weigh)
        expect(parts.flatMap(part => splitText(part, limit, weigh))).toEqual(parts)
      }),
    )
  })
})

describe('splitText', () => {
  it.each([
    ['nothing', '', 5, []],
    ['what fits', 'hello', 5, ['hello']],
    ['white space stays with the word before it', 'one  two\nthree', 6, ['one  ', 'two\n', 'three']],
    ['white space that does not fit', 'hello world', 5, ['hello', ' ', 'world']],
    ['a word that is too long begins after white space', ' abcdefgh', 4, [' abc', 'defg', 'h']],
    ['a word that is too long begins a new part', 'hi abcdefgh', 4, ['hi ', 'abcd', 'efgh']],
    ['a no-break space holds', 'ab cd\u00a0ef', 6, ['ab ', 'cd\u00a0ef']],
    ['a family is one', '👨‍👩‍👧👨‍👩‍👧', 6, ['👨‍👩‍👧', '👨‍👩‍👧']],
    ['flags are pairs', '🇬🇹🇬🇹', 3, ['🇬🇹', '🇬🇹']],
    [
      'a grapheme longer than the limit',
      'z\u0301\u0302\u0303\u0304',
      2,
      ['z\u0301', '\u0302\u0303', '\u0304'],
    ],
  ])('%s', (_label, text, limit, parts) => {
    expect(splitText(text, limit, plain)).toEqual(parts)
  })

  it('counts an @ twice when it will be doubled', () => {
    expect(splitText('@@@', 5, doubled)).toEqual(['@@', '@'])
    expect(splitText('@@', 1, doubled)).toEqual(['@', '@'])
  })
})
