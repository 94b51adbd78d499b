import { describe, expect, it } from 'vitest'
import { shorten, widthOf, wrap } from '../../demo/text-width.ts'

describe('the width of a text on a terminal', () => {
  it.each([
    ['María', 5],
    ['Mari\u0301a', 5],
    ['👍', 2],
    ['👶🏽', 2],
    ['👩‍👧', 2],
    ['🇬🇹', 2],
    ['日本', 4],
    ['…→', 2],
    ['', 0],
  ])('of %s is %i', (text, width) => {
    expect(widthOf(text)).toBe(width)
  })
})

describe('wrapping', () => {
  it('breaks between words, and keeps the line breaks there are', () => {
    expect(wrap('one two three\nfour', 8)).toEqual(['one two', 'three', 'four'])
  })

  it('counts cells, not characters', () => {
    expect(wrap('👍👍 👍👍', 8)).toEqual(['👍👍', '👍👍'])
  })

  it('cuts a word that fits no line, never inside a character', () => {
    expect(wrap('日本語日本語', 5)).toEqual(['日本', '語日', '本語'])
  })

  it('shortens with an ellipsis within the width', () => {
    expect(shorten('日本語', 6)).toBe('日本語')
    expect(shorten('日本語日', 6)).toBe('日本…')
  })
})
