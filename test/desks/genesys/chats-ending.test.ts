import { afterEach, describe, expect, test } from 'vitest'
import { MediatorError } from '../../../src/domain/errors.ts'
import { until } from '../../support/until.ts'
import { type Run, runChats } from './chats-stage.ts'
import { createFakeLeg, type FakeChat } from './fake-leg.ts'
import { type Books, createBooks, openSession, storyOf } from './fake-link.ts'

let run: Run | undefined
afterEach(() => run?.stop())

function open(kind?: Parameters<typeof createFakeLeg>[0]) {
  const books = createBooks()
  const leg = createFakeLeg(kind)
  openSession(books, { id: 'c1', state: null })
  return { books, leg, chat: leg.chat('c1') }
}

const closings = (books: Books) => books.events.filter(({ type }) => type === 'closed')
const aBitLater = async (chat: FakeChat) => {
  const read = chat.asked.length
  await until('it was read some more', () => chat.asked.length > read + 5)
}

describe('the end of a chat', () => {
  test('is told once, after the last words', async () => {
    const { books, leg, chat } = open()
    run = runChats(books, leg)
    chat.joins('Luis')
    chat.says('bye')
    chat.leaves('Luis')
    chat.ends()
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['+Luis', 'Luis: bye', '-', 'end agent'])
    const read = chat.asked.length
    openSession(books, { id: 'c2', state: null })
    await aBitLater(leg.chat('c2'))
    expect(chat.asked.length).toBe(read)
    expect(run.link.emissions.filter(({ event }) => event?.type === 'closed')).toHaveLength(1)
  })

  test('waits for what was said while it was found out', async () => {
    const { books, leg, chat } = open()
    let isSaid = false
    leg.beforeState = () => {
      if (!isSaid) chat.says('one more thing')
      isSaid = true
    }
    chat.joins('Luis')
    chat.leaves('Luis')
    chat.ends()
    run = runChats(books, leg)
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['+Luis', '-', 'Luis: one more thing', 'end agent'])
  })

  test('waits for a line that is missing before others', async () => {
    const { books, leg, chat } = open()
    chat.joins('Luis')
    chat.leaves('Luis')
    chat.says('4', { index: 4 })
    chat.ends()
    run = runChats(books, leg)
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['+Luis', '-', 'Luis: 4', 'end agent'])
  })

  test('is not an agent who passes the chat on', async () => {
    const { books, leg, chat } = open()
    run = runChats(books, leg)
    chat.joins('Luis')
    chat.says('I pass you on')
    chat.leaves('Luis')
    chat.state.waiting = true
    chat.state.maySpeak = false
    await until('the state is asked for with every reading', () => chat.looks > 3)
    chat.state.maySpeak = true
    chat.joins('Eva')
    chat.says('hello', { nickname: 'Eva' })
    await until('the next one speaks', () => books.events.length === 5)
    const looks = chat.looks
    await aBitLater(chat)
    expect(chat.looks - looks).toBeLessThan(2)
    expect(storyOf(books)).toEqual(['+Luis', 'Luis: I pass you on', '-', '+Eva', 'Eva: hello'])
  })

  test('is an agent who was the last and takes the customer’s word along', async () => {
    const { books, leg, chat } = open()
    run = runChats(books, leg)
    chat.joins('Luis')
    chat.joins('Bot')
    chat.leaves('Luis')
    await until('somebody looks', () => chat.looks > 2)
    expect(closings(books)).toEqual([])
    chat.state.maySpeak = false
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['+Luis', '-', 'end agent'])
  })

  test('is not a customer who may not speak while somebody is there', async () => {
    const { books, leg, chat } = open()
    run = runChats(books, leg)
    chat.joins('Luis')
    chat.joins('Eva')
    chat.state.maySpeak = false
    chat.leaves('Luis')
    await until('the state was asked for', () => chat.looks > 0)
    chat.says('still here', { nickname: 'Eva' })
    await until('she is heard', () => books.events.length === 4)
    await aBitLater(chat)
    expect(storyOf(books)).toEqual(['+Luis', '+Eva', '-', 'Eva: still here'])
  })

  test('is not a state that cannot be asked for', async () => {
    const { books, leg, chat } = open()
    leg.beforeState = () => {
      throw new MediatorError('UNREACHABLE', 'down')
    }
    run = runChats(books, leg)
    chat.joins('Luis')
    chat.leaves('Luis')
    await until('the state was asked for', () => chat.looks > 0)
    chat.says('still here')
    await until('he is heard', () => books.events.length === 3)
    await aBitLater(chat)
    leg.beforeState = () => chat.ends()
    run.jump(6_000)
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['+Luis', '-', 'Luis: still here', 'end agent'])
  })

  test('comes without a line, while nobody has answered', async () => {
    const { books, leg, chat } = open()
    run = runChats(books, leg)
    await aBitLater(chat)
    expect(chat.looks).toBe(0)
    chat.ends()
    run.jump(31_000)
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['end agent'])
  })

  test('that came while nobody read is found at once', async () => {
    const { books, leg, chat } = open()
    chat.says('hello')
    const before = runChats(books, leg)
    await until('it was read', () => books.events.length === 1)
    await before.stop()
    chat.ends()
    run = runChats(books, leg)
    await until('it is closed', () => closings(books).length > 0)
  })

  test('is a chat that is unknown', async () => {
    const { books, leg, chat } = open()
    chat.isForgotten = true
    run = runChats(books, leg)
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['end agent'])
  })

  test('takes nothing along that was kept back for a line that never came', async () => {
    const { books, leg, chat } = open()
    chat.says('1')
    chat.says('3', { index: 3 })
    let readings = 0
    const { read } = leg
    leg.read = async (...args) => {
      readings += 1
      if (readings === 2) chat.isForgotten = true
      return read(...args)
    }
    run = runChats(books, leg)
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['Luis: 1', 'Luis: 3', 'end agent'])
  })

  test('is a chat that does not let itself be read when it is over', async () => {
    const { books, leg, chat } = open()
    chat.ends()
    chat.trouble = new MediatorError('REJECTED', 'not in this state')
    run = runChats(books, leg)
    await until('it is closed', () => closings(books).length > 0)
  })

  test('is told again when the store did not take it', async () => {
    const { books, leg, chat } = open()
    chat.isForgotten = true
    run = runChats(books, leg)
    run.link.failures.emit.push('STORE_UNAVAILABLE', 'STORE_UNAVAILABLE')
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['end agent'])
  })

  test('is a chat of another customer_api', async () => {
    const { books, leg, chat } = open()
    chat.trouble = new MediatorError('CONVERSATION_GONE', 'opened by another customer_api')
    run = runChats(books, leg)
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['end gone'])
  })

  test('comes with the last reading where the desk says so', async () => {
    const { books, leg, chat } = open('positions')
    run = runChats(books, leg)
    chat.joins('Luis')
    chat.says('bye')
    chat.leaves('Luis')
    chat.ends()
    await until('it is closed', () => closings(books).length > 0)
    expect(storyOf(books)).toEqual(['+Luis', 'Luis: bye', '-', 'end agent'])
  })
})
