import { afterEach, describe, expect, test } from 'vitest'
import type { ChatLine } from '../../../src/desks/genesys/customer-leg.ts'
import { until } from '../../support/until.ts'
import { type Run, runChats } from './chats-stage.ts'
import { createFakeLeg } from './fake-leg.ts'
import { createBooks, openSession, storyOf } from './fake-link.ts'

let run: Run | undefined
afterEach(() => run?.stop())

function open(kind?: Parameters<typeof createFakeLeg>[0]) {
  const books = createBooks()
  const leg = createFakeLeg(kind)
  openSession(books, { id: 'c1', state: null })
  return { books, leg, chat: leg.chat('c1') }
}

describe.each(['indexes', 'positions'] as const)('reading chats by %s', kind => {
  test('passes on who comes, what is said, and who goes, in order', async () => {
    const { books, leg, chat } = open(kind)
    chat.joins('Luis')
    chat.says('hello & good\nday 👋')
    run = runChats(books, leg)
    await until('both are passed on', () => books.events.length === 2)
    chat.says('second')
    chat.leaves('Luis')
    await until('all are passed on', () => books.events.length === 4)
    expect(storyOf(books)).toEqual(['+Luis', 'Luis: hello & good\nday 👋', 'Luis: second', '-'])
    expect(books.events.map(({ id }) => id)).toEqual(['c1:1', 'c1:2', 'c1:3', 'c1:4'])
    expect(books.events.every(({ conversation }) => conversation === 'c1')).toBe(true)
  })

  test('keeps what is none of the client’s business', async () => {
    const { books, leg, chat } = open(kind)
    chat.joins('Ana', { by: 'client' })
    chat.says('my own words', { by: 'client', nickname: 'Ana' })
    chat.joins('Bot')
    chat.says('the bot’s transcript', { nickname: 'Bot' })
    chat.joins('Luis')
    chat.says('a whisper', { isForClient: false })
    chat.says('{"machine":1}', { kind: 'other' })
    chat.says('typing', { kind: 'other' })
    chat.says('a stranger', { by: 'unknown' })
    chat.says('')
    chat.leaves('Bot')
    chat.says('for the client')
    chat.says('a supervisor', { by: 'supervisor', nickname: 'Eva' })
    chat.says('you are next', { by: 'system', nickname: 'Queue' })
    run = runChats(books, leg)
    await until('the last is passed on', () => books.events.length === 4)
    expect(storyOf(books)).toEqual(['+Luis', 'Luis: for the client', 'Eva: a supervisor', ': you are next'])
  })

  test('keeps the desk’s own announcements where that is wished', async () => {
    const { books, leg, chat } = open(kind)
    chat.says('you are next', { by: 'system' })
    chat.says('hello')
    run = runChats(books, leg, { ears: { seatNickname: undefined, relayExternal: false } })
    await until('a message is passed on', () => books.events.length > 0)
    expect(storyOf(books)).toEqual(['Luis: hello'])
  })

  test('the next run goes on where the last one stopped', async () => {
    const { books, leg, chat } = open(kind)
    const story: string[] = []
    for (let round = 1; round <= 4; round++) {
      for (const part of ['a', 'b', 'c']) chat.says(`${round}${part}`)
      story.push(...['a', 'b', 'c'].map(part => `Luis: ${round}${part}`))
      const { stop } = runChats(books, leg)
      await until('the round is passed on', () => books.events.length === story.length)
      chat.says(`between ${round}`)
      story.push(`Luis: between ${round}`)
      await stop()
    }
    run = runChats(books, leg)
    await until('the rest is passed on', () => books.events.length >= story.length)
    expect(storyOf(books)).toEqual(story)
    expect(books.repeats).toEqual([])
  })

  test('a process that dies after any event loses and doubles nothing', async () => {
    const { books, leg, chat } = open(kind)
    for (let number = 1; number <= 5; number++) chat.says(String(number))
    for (let number = 1; number <= 5; number++) {
      const dying = runChats(books, leg)
      dying.link.dieAfter = event => event.id === `c1:${number}`
      await dying.ended
    }
    run = runChats(books, leg)
    chat.says('6')
    await until('the last is passed on', () => books.events.length === 6)
    expect(storyOf(books)).toEqual(['1', '2', '3', '4', '5', '6'].map(text => `Luis: ${text}`))
  })

  test('what the store did not take is emitted again, and nothing before it', async () => {
    const { books, leg, chat } = open(kind)
    run = runChats(books, leg)
    for (let number = 1; number <= 4; number++) chat.says(String(number))
    run.link.failures.emit.push('STORE_UNAVAILABLE', 'STORE_UNAVAILABLE')
    await until('all are passed on', () => books.events.length === 4)
    expect(storyOf(books)).toEqual(['Luis: 1', 'Luis: 2', 'Luis: 3', 'Luis: 4'])
    run.link.failures.emit.push('STORE_UNAVAILABLE')
    chat.says('5')
    await until('the last is passed on', () => books.events.length === 5)
    expect(books.repeats).toEqual([])
  })
})

describe('indexes', () => {
  const line = (index: number): ChatLine => ({
    index,
    kind: 'text',
    by: 'agent',
    nickname: 'Luis',
    text: String(index),
    isForClient: true,
  })

  test('are asked for from the one after the cursor, always', async () => {
    const { books, leg, chat } = open()
    run = runChats(books, leg)
    await until('it was read', () => chat.asked.length > 1)
    chat.says('1')
    chat.says('own', { by: 'client' })
    await until('it was read on', () => chat.asked.includes('2'))
    expect(new Set(chat.asked)).toEqual(new Set([undefined, '2']))
    expect(books.sessions.get('c1')?.cursor).toBe('1')
  })

  test('are handled in their order, each once', async () => {
    const { books, leg, chat } = open()
    chat.lines.push(line(3), line(1), line(2), line(3), line(1))
    run = runChats(books, leg)
    await until('all are passed on', () => books.events.length === 3)
    expect(storyOf(books)).toEqual(['Luis: 1', 'Luis: 2', 'Luis: 3'])
    expect(run.link.emissions.map(({ cursor }) => cursor)).toEqual(['1', '2', '3'])
  })

  test('a line that comes to light late is not lost', async () => {
    const { books, leg, chat } = open()
    chat.lines.push(line(1), line(3))
    run = runChats(books, leg)
    await until('the first is passed on', () => books.events.length === 1)
    chat.lines.push(line(2))
    await until('all are passed on', () => books.events.length === 3)
    expect(storyOf(books)).toEqual(['Luis: 1', 'Luis: 2', 'Luis: 3'])
  })

  test('what never comes holds nothing up for long', async () => {
    const { books, leg, chat } = open()
    chat.lines.push(line(1), line(4), line(9))
    run = runChats(books, leg)
    await until('all are passed on', () => books.events.length === 3)
    const readings = chat.asked.filter(cursor => cursor === undefined || cursor === '1').length
    expect(readings).toBe(3)
  })
})
