import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCookieJar } from '../../../src/desks/genesys/seat/cookie-jar.ts'
import { readListed, readNotice } from '../../../src/desks/genesys/seat/notice.ts'

const LINE = {
  index: 3,
  type: 'Text',
  text: 'hi',
  from: { type: 'Agent', nickname: 'Ana' },
  visibility: 'All',
}

describe('a notification in any of its forms', () => {
  test.each([
    ['by chatPath', { chatPath: '/chats/i1', messages: [LINE] }],
    ['by chatUri', { chatUri: 'https://gws/api/v2/me/chats/i1', messages: [LINE] }],
    ['by both', { chatUri: 'https://gws/x/i1/', chatPath: '/chats/i1', messages: [LINE] }],
    ['by interactionPath', { interactionPath: '/interactions/i1', messages: [LINE] }],
    ['by interactionUri', { interactionUri: 'https://gws/interactions/i1?x=1', messages: [LINE] }],
    ['in a chat', { chat: { id: 'i1', messages: [LINE] } }],
    ['in an interaction', { interaction: { uri: 'https://gws/interactions/i1' }, messages: [LINE] }],
    ['in a list', { interactions: [{ path: '/interactions/i1', messages: [LINE] }] }],
  ])('lines %s', (_, data) => {
    const notice = readNotice({ messageType: 'Whatever', ...data })
    expect(notice).toMatchObject({ interaction: 'i1', lines: [{ index: 3, text: 'hi' }] })
  })

  test('a change of state, with or without participants', () => {
    const chat = { id: 'i1', state: 'Chatting', userData: { key: 'k' } }
    expect(readNotice({ notificationType: 'StatusChange', chat })).toEqual({
      interaction: 'i1',
      state: 'Chatting',
      userData: { key: 'k' },
      lines: [],
    })
    const participants = [{ nickname: 'Ana', type: 'Agent', participantId: 7 }, 'junk']
    expect(readNotice({ chat: { ...chat, participants } })?.participants).toMatchObject([
      { participantId: '7' },
    ])
  })

  test('a failure that comes late', () => {
    const data = { notificationType: 'Error', referenceId: 5, statusCode: 4, chat: { id: 'i1' } }
    expect(readNotice(data)?.failure).toEqual({ reference: 5, code: 4 })
  })

  test('what is odd in it is left out, the rest is read', () => {
    const messages = [
      { ...LINE, index: 'x' },
      { ...LINE, index: '4' },
      null,
      { ...LINE, index: 5, text: 9, from: 1 },
    ]
    expect(readNotice({ chatPath: '/chats/i1', messages })?.lines.map(({ index }) => index)).toEqual([4, 5])
  })

  test.each([[{}], [null], ['text'], [{ chat: {} }], [{ messages: [LINE] }]])('about nothing: %j', data => {
    expect(readNotice(data)).toBeUndefined()
  })

  test('an item of the list is the chat itself, or a notification', () => {
    const chat = { id: 'i1', uri: 'https://gws/me/chats/i1', state: 'Invited' }
    expect(readListed(chat)).toMatchObject({ interaction: 'i1', state: 'Invited' })
    expect(readListed({ notificationType: 'StatusChange', chat })).toMatchObject({ state: 'Invited' })
    expect(readListed('junk')).toBeUndefined()
  })

  test('nothing that may come does any harm', () => {
    const keys = [
      'chat',
      'interactions',
      'messages',
      'chatPath',
      'id',
      'index',
      'from',
      'state',
      'participants',
      'uri',
    ]
    const anything = fc.letrec(tie => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.anything(),
        fc.array(tie('value')),
        fc.dictionary(fc.constantFrom(...keys), tie('value')),
      ),
    })).value
    fc.assert(
      fc.property(anything, data => {
        readNotice(data)
        readListed(data)
      }),
    )
  })
})

describe('cookies', () => {
  const NOW = Date.UTC(2026, 0, 1)
  const jarWith = (...lines: string[]) => {
    const jar = createCookieJar({ now: () => NOW })
    jar.take(lines)
    return jar.header()
  }

  test.each([
    [['A=1; Path=/; HttpOnly', 'B=x=y'], 'A=1; B=x=y'],
    [['A=1', 'A=2'], 'A=2'],
    [['A=1', 'A=; Max-Age=0'], undefined],
    [['A=1', 'A=; Expires=Thu, 01 Jan 1970 00:00:10 GMT'], undefined],
    [['A=1; Max-Age=60; Expires=Fri, 01 Jan 2027 00:00:00 GMT'], 'A=1'],
    [['', '=1', 'novalue', 'A='], 'A='],
  ])('%j', (lines, header) => {
    expect(jarWith(...lines)).toBe(header)
  })

  test('none, and forgotten', () => {
    const jar = createCookieJar({ now: () => NOW })
    jar.take(undefined)
    expect(jar.header()).toBeUndefined()
    jar.take('A=1')
    jar.clear()
    expect(jar.header()).toBeUndefined()
  })
})
