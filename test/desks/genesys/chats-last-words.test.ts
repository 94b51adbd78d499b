import { afterEach, describe, expect, test } from 'vitest'
import { MediatorError } from '../../../src/domain/errors.ts'
import { until } from '../../support/until.ts'
import { type Run, runChats } from './chats-stage.ts'
import { createFakeLeg, type FakeChat } from './fake-leg.ts'
import { createBooks, endSession, openSession, storyOf } from './fake-link.ts'

let run: Run | undefined
afterEach(() => run?.stop())

function open(kind?: Parameters<typeof createFakeLeg>[0]) {
  const books = createBooks()
  const leg = createFakeLeg(kind)
  openSession(books, { id: 'c1', state: null })
  return { books, leg, chat: leg.chat('c1') }
}

/** Nothing is read but at the beginning and the end. */
const SELDOM = { busy_ms: 10, idle_ms: 600_000, busy_for_ms: 0 }

const aBitLater = async (chat: FakeChat) => {
  const read = chat.asked.length
  await until('it was read some more', () => chat.asked.length > read + 5)
}

describe.each(['indexes', 'positions'] as const)('a session that is over (%s)', kind => {
  test('is owed what was said before, and is left then', async () => {
    const { books, leg, chat } = open(kind)
    chat.joins('Luis')
    run = runChats(books, leg, { poll: SELDOM })
    await until('it is followed', () => books.events.length === 1)
    endSession(books, 'c1')
    chat.says('my last words')
    chat.leaves('Luis')
    await until('they are passed on', () => books.events.length === 2)
    openSession(books, { id: 'c2', state: null })
    await until('the next one is read', () => leg.chat('c2').asked.length > 0)
    expect(storyOf(books)).toEqual(['+Luis', 'Luis: my last words'])
    expect(books.events.every(({ at }) => at !== undefined)).toBe(true)
    expect(chat.asked).toHaveLength(2)
  })

  test('is owed them also when store and desk are away for a moment', async () => {
    const { books, leg, chat } = open(kind)
    chat.joins('Luis')
    run = runChats(books, leg, { poll: SELDOM })
    await until('it is followed', () => books.events.length === 1)
    const { read } = leg
    let readings = 0
    leg.read = async (...args) => {
      readings += 1
      if (readings === 1) throw new MediatorError('UNREACHABLE', 'down')
      return read(...args)
    }
    run.link.failures.emit.push('STORE_UNAVAILABLE')
    endSession(books, 'c1')
    chat.says('my last words')
    await until('they are passed on', () => books.events.length === 2)
    expect(readings).toBe(3)
  })

  test('is left in peace when it cannot be read any more', async () => {
    const { books, leg, chat } = open(kind)
    run = runChats(books, leg)
    await aBitLater(chat)
    chat.trouble = new MediatorError('UNREACHABLE', 'down')
    endSession(books, 'c1')
    openSession(books, { id: 'c2', state: null })
    await until('the next one is read', () => leg.chat('c2').asked.length > 5)
    const read = chat.asked.length
    await aBitLater(leg.chat('c2'))
    expect(chat.asked.length).toBe(read)
  })
})
