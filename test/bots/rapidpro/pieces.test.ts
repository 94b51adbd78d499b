import { describe, expect, it } from 'vitest'
import { api, makeCall, mockRapidPro, openBot, text } from './kit.ts'

mockRapidPro()

const file = (name: string) => ({ contentType: 'image/png', url: `https://files.example.org/${name}`, name })

describe('pieces', () => {
  it('are the parts of the text, then each file', async () => {
    const message = { text: 'hello dear world', attachments: [file('a'), file('b')] }
    const pieces = await openBot({ text_limit: 11 }).pieces(message, makeCall())
    expect(pieces).toEqual([
      text('hello dear '),
      text('world'),
      { text: '', attachments: [file('a')] },
      { text: '', attachments: [file('b')] },
    ])
  })

  it('of pieces are the same', async () => {
    const bot = openBot({ api: 'broadcasts', text_limit: 6 })
    const pieces = await bot.pieces({ text: 'a@b.org   @@@ 👩‍👩‍👧', attachments: [file('a')] }, makeCall())
    const again = await Promise.all(pieces.map(piece => bot.pieces(piece, makeCall())))
    expect(pieces.length).toBeGreaterThan(3)
    expect(again.flat()).toEqual(pieces)
  })

  it.each(['x'.repeat(12), '@@@@@'])('of %j need no question', async words => {
    await openBot({ api: 'auto', text_limit: 10 }).pieces(text(words), makeCall())
  })

  it.each([
    [405, ['@@@@@', '@']],
    [400, ['@@@@@@']],
  ])('count the @ as the API found by %i sends it', async (status, parts) => {
    api('messages').reply(status, {})
    const pieces = await openBot({ api: 'auto', text_limit: 10 }).pieces(text('@@@@@@'), makeCall())
    expect(pieces).toEqual(parts.map(text))
  })
})
