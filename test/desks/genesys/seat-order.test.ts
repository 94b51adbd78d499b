import { describe, expect, test } from 'vitest'
import type { Answer } from '../../../src/desks/genesys/answer.ts'
import type { Notice } from '../../../src/desks/genesys/seat/notice.ts'
import { readNotice } from '../../../src/desks/genesys/seat/notice.ts'
import { createRelay } from '../../../src/desks/genesys/seat/relay.ts'
import { createBooks, createFakeLink, openSession, storyOf } from './fake-link.ts'

const ID = 'i1'
const ANA = { type: 'Agent', nickname: 'Ana', participantId: '3' }
const SEAT = { type: 'Agent', nickname: 'Helper', participantId: '2' }
const CLIENT = { type: 'Customer', nickname: 'Eva', participantId: '1' }

/** A relay that is told things directly, at a time that stands still. */
function setStage(history: Answer | 'none' = { ok: true, body: {} }) {
  let now = 1_000_000
  const books = createBooks()
  const link = createFakeLink(books)
  const asked: number[] = []
  const relay = createRelay({
    link,
    clock: { now: () => now },
    names: () => new Set(['u1']),
    nickname: 'Helper',
    requestHistory:
      history === 'none'
        ? undefined
        : async () => {
            asked.push(now)
            return history
          },
  })
  const hear = (data: Record<string, unknown>) => relay.hear(readNotice(data) as Notice, false)
  return {
    books,
    link,
    relay,
    asked,
    session: () => openSession(books, { id: ID, state: {} }),
    lines: (...messages: unknown[]) => hear({ chatPath: `/chats/${ID}`, messages }),
    chat: (about: Record<string, unknown>) => hear({ chat: { id: ID, ...about } }),
    async pass(ms = 0) {
      now += ms
      await relay.settle()
      await relay.settle()
    },
    story: () => storyOf(books),
    cursor: () => books.sessions.get(ID)?.cursor,
  }
}

const text = (index: number, words: string, from: object = ANA, more = {}) => ({
  index,
  type: 'Text',
  text: words,
  from,
  visibility: 'All',
  ...more,
})
const joined = (index: number, from: object) => ({
  index,
  type: 'ParticipantJoined',
  from,
  visibility: 'All',
})

/** In the chat, with its session, after line 2. */
async function startChat(history?: Answer | 'none') {
  const stage = setStage(history)
  stage.relay.before(ID, { operation: 'Accept' })
  stage.lines(joined(1, CLIENT), joined(2, SEAT))
  stage.session()
  await stage.pass()
  return stage
}

describe('order', () => {
  test('of lines that come in any order, and more than once', async () => {
    const stage = await startChat()
    stage.lines(text(5, 'c'))
    stage.lines(text(4, 'b'), text(5, 'c'))
    await stage.pass()
    expect(stage.story()).toEqual([])
    stage.lines(text(3, 'a'), text(3, 'a'))
    stage.lines(text(6, 'd'), text(4, 'b'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: a', 'Ana: b', 'Ana: c', 'Ana: d'])
    expect(stage.books.repeats).toEqual([])
    expect(stage.cursor()).toBe('6')
  })

  test('a missing line is asked for; if the history does not have it, the others go on', async () => {
    const stage = await startChat()
    stage.lines(text(4, 'b'))
    await stage.pass(900)
    expect(stage.asked).toEqual([])
    await stage.pass(1_100)
    expect(stage.asked).toHaveLength(1)
    stage.lines(text(4, 'b'))
    await stage.pass(2_000)
    expect(stage.story()).toEqual([])
    await stage.pass(2_000)
    expect(stage.story()).toEqual(['Ana: b'])
    expect(stage.asked).toHaveLength(1)
  })

  test('a process that slept does not pass a line over before it has asked for it', async () => {
    const stage = await startChat()
    stage.lines(text(4, 'b'))
    await stage.pass()
    await stage.pass(30_000)
    expect(stage.story()).toEqual([])
    stage.lines(text(3, 'a'), text(4, 'b'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: a', 'Ana: b'])
  })

  test('a desk that fails to give the history is asked again, and not waited for longer than a minute', async () => {
    const failed = { ok: false, status: 502, msg: '', body: '' } as const
    const stage = await startChat(failed)
    stage.lines(text(4, 'b'))
    for (let second = 0; second < 58; second++) await stage.pass(1_000)
    expect(stage.asked.length).toBeGreaterThan(5)
    expect(stage.story()).toEqual([])
    await stage.pass(5_000)
    expect(stage.story()).toEqual(['Ana: b'])
  })

  test('a line that comes too late is left out', async () => {
    const stage = await startChat('none')
    stage.lines(text(4, 'b'))
    for (let second = 0; second < 8; second++) await stage.pass(1_000)
    stage.lines(text(3, 'a'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: b'])
  })
})

describe('where to begin', () => {
  test('after the seat’s own coming, also when agents have spoken since', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.lines(text(1, 'old'), joined(2, SEAT), text(3, 'new'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: new'])
  })

  test('after the whole history, where its coming is not to be seen', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.lines(text(1, 'old'), text(2, 'older'))
    stage.lines(text(3, 'new'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: new'])
  })

  test('an Accept that was refused begins nothing', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept' })
    stage.relay.after(ID, { operation: 'Accept' }, false)
    stage.lines(text(1, 'old'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual([])
    expect(stage.asked).toHaveLength(1)
  })

  test('with the first words heard, where there is no history to be had', async () => {
    const stage = setStage('none')
    stage.session()
    await stage.pass()
    stage.lines(text(7, 'hello'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: hello'])
  })

  test('the beginning is kept, so that the next replica knows it', async () => {
    const stage = await startChat()
    expect(stage.cursor()).toBe('2')
  })
})

describe('who is the seat, where agents have no addresses', () => {
  test('learnt from the echo', async () => {
    const stage = await startChat()
    stage.relay.before(ID, { operation: 'Send', text: 'mine' })
    stage.lines(text(3, 'mine'), text(4, 'mine', SEAT), text(5, 'unexpected', SEAT), text(6, 'mine'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: mine', 'Ana: mine'])
  })

  test('not from words that were not taken', async () => {
    const stage = await startChat()
    stage.relay.before(ID, { operation: 'Send', text: 'mine' })
    stage.relay.after(ID, { operation: 'Send', text: 'mine' }, false)
    stage.lines(text(3, 'mine', { ...ANA, nickname: 'Helper' }))
    await stage.pass()
    expect(stage.story()).toEqual(['Helper: mine'])
  })

  test('learnt from the list of participants, when only one has its name', async () => {
    const stage = await startChat()
    stage.chat({ participants: [CLIENT, SEAT, ANA] })
    stage.lines(text(3, 'by the seat', SEAT), text(4, 'hi'))
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: hi'])
  })

  test('while it is not sure, its coming and going is rather not told', async () => {
    const stage = setStage()
    stage.session()
    const one = stage.books.sessions.get(ID)
    if (one) one.cursor = '1'
    await stage.pass()
    stage.lines(
      joined(2, SEAT),
      joined(3, ANA),
      { ...joined(4, SEAT), type: 'ParticipantLeft' },
      text(5, 'hi'),
    )
    await stage.pass()
    expect(stage.story()).toEqual(['+Ana', 'Ana: hi'])
  })

  test('a namesake is not the seat', async () => {
    const stage = await startChat()
    const namesake = { ...ANA, nickname: 'Helper' }
    stage.chat({ participants: [namesake, SEAT] })
    stage.lines(text(3, 'by the other', namesake))
    await stage.pass()
    expect(stage.story()).toEqual(['Helper: by the other'])
  })

  test('by the address of the seat, whatever it is called', async () => {
    const stage = await startChat()
    const seat = { ...ANA, uri: 'https://gws/api/v2/users/u1' }
    stage.chat({ participants: [seat] })
    stage.lines(text(3, 'a', seat), text(4, 'b', { ...ANA, id: 'u2', nickname: 'Helper' }), text(5, 'c', ANA))
    await stage.pass()
    expect(stage.story()).toEqual(['Helper: b'])
  })

  test('the name it was given with Accept', async () => {
    const stage = setStage()
    stage.relay.before(ID, { operation: 'Accept', nickname: 'Bea' })
    const bea = { ...SEAT, nickname: 'Bea' }
    stage.lines(text(1, 'old'), joined(2, bea), text(3, 'new'))
    stage.session()
    await stage.pass()
    expect(stage.story()).toEqual(['Ana: new'])
  })
})

test('only agents’ texts for everybody are words to the client', async () => {
  const stage = await startChat()
  const supervisor = { type: 'Supervisor', nickname: 'Sue' }
  stage.lines(
    text(3, 'whisper', ANA, { visibility: 'Agents' }),
    text(4, 'odd', ANA, { visibility: 'Nobody' }),
    text(5, 'client', CLIENT),
    text(6, 'client', { ...CLIENT, type: 'Client' }),
    text(7, 'robot', { type: 'External', nickname: 'x' }),
    text(8, 'nobody', { nickname: 'x' }),
    { index: 9, type: 'Notice', text: 'machine', from: ANA },
    { index: 10, type: 'CustomNotice', noticeText: 'machine', from: ANA },
    text(11, '', ANA),
    { index: 12, type: 'Text', text: 'by nobody' },
    text(13, 'no visibility', ANA, { visibility: undefined, timestampSeconds: 1_700_000_000_000 }),
    text(14, 'from above', supervisor, { timestampSeconds: 1_700_000_000 }),
  )
  await stage.pass()
  expect(stage.story()).toEqual(['Ana: no visibility', 'Sue: from above'])
  expect(stage.books.events.map(({ id, at }) => [id, at])).toEqual([
    ['i1:13', 1_700_000_000_000],
    ['i1:14', undefined],
  ])
  expect(stage.cursor()).toBe('14')
})

test('the end comes after what is still missing was waited for', async () => {
  const stage = await startChat()
  stage.lines(text(4, 'last words'))
  stage.chat({ state: 'Completed' })
  await stage.pass()
  expect(stage.story()).toEqual([])
  await stage.pass(5_000)
  stage.chat({ state: 'Completed' })
  await stage.pass()
  expect(stage.story()).toEqual(['Ana: last words', 'end agent'])
})

test('another session of the same interaction begins where the other has ended', async () => {
  const stage = await startChat()
  stage.lines(text(3, 'to the first'))
  await stage.pass()
  const first = stage.books.sessions.get(ID)
  stage.books.sessions.clear()
  if (first) stage.books.sessions.set('s2', { ...first, session: { ...first.session, id: 's2' } })
  await stage.pass(1_000)
  stage.lines(text(3, 'to the first'), text(4, 'to the second'))
  await stage.pass()
  expect(storyOf(stage.books, 's2')).toEqual(['Ana: to the second'])
})
