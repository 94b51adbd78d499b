import { afterEach, describe, expect, test } from 'vitest'
import { MediatorError } from '../../../src/domain/errors.ts'
import { until } from '../../support/until.ts'
import { type Run, runChats } from './chats-stage.ts'
import { createFakeLeg, type FakeLeg } from './fake-leg.ts'
import { type Books, createBooks, openSession, storyOf } from './fake-link.ts'

let run: Run | undefined
afterEach(() => run?.stop())

function openMany(count: number): { books: Books; leg: FakeLeg; ids: string[] } {
  const books = createBooks()
  const ids = Array.from({ length: count }, (_, index) => `c${index + 1}`)
  for (const id of ids) openSession(books, { id, state: null })
  return { books, leg: createFakeLeg(), ids }
}

describe('many chats', () => {
  test.each([
    ['refuses', new MediatorError('REJECTED', 'not here')],
    ['is out of order', new MediatorError('UNREACHABLE', 'down')],
    ['is odd', new Error('unforeseen')],
    ['never answers', 'hangs' as const],
  ])('one that %s holds up no other', async (_, trouble) => {
    const { books, leg, ids } = openMany(5)
    leg.chat('c2').trouble = trouble as MediatorError
    run = runChats(books, leg)
    for (const id of ids) leg.chat(id).says(`hello of ${id}`)
    await until('the others are read', () => books.events.length === 4)
    expect(storyOf(books, 'c2')).toEqual([])
    if (trouble === 'hangs') return
    leg.chat('c2').trouble = undefined
    await until('it is read at last', () => books.events.length === 5)
  })

  test('are not all read at once, and none twice at once', async () => {
    const { books, leg, ids } = openMany(40)
    run = runChats(books, leg)
    for (const id of ids) leg.chat(id).says('hello')
    await until('all are read many times', () => ids.every(id => leg.chat(id).asked.length > 5))
    expect(books.events).toHaveLength(40)
    expect(leg.underWay.most).toBe(16)
    expect(leg.underWay.mostOfOneChat).toBe(1)
  })

  test('are found as they come', async () => {
    const { books, leg } = openMany(0)
    run = runChats(books, leg)
    const { link } = run
    await until('the link is up', () => link.reports.includes('connected'))
    openSession(books, { id: 'new', state: null })
    leg.chat('new').says('hello')
    await until('it is read', () => books.events.length === 1)
  })

  test('are read on while the store cannot say which there are', async () => {
    const { books, leg } = openMany(1)
    run = runChats(books, leg)
    await until('it is read', () => leg.chat('c1').asked.length > 1)
    const { sessions } = run.link.failures
    sessions.push('STORE_UNAVAILABLE', 'STORE_UNAVAILABLE')
    await until('it has failed', () => sessions.length < 2)
    leg.chat('c1').says('hello')
    await until('it is passed on', () => books.events.length === 1)
  })
})

describe('the link', () => {
  test('is connected when a chat was read, and reconnecting when none can be', async () => {
    const { books, leg, ids } = openMany(3)
    for (const id of ids) leg.chat(id).trouble = new MediatorError('UNREACHABLE', 'down')
    run = runChats(books, leg)
    const { link } = run
    await until('trouble is reported', () => link.reports.length > 0)
    for (const id of ids) leg.chat(id).trouble = undefined
    await until('more is reported', () => link.reports.length > 1)
    expect(link.reports).toEqual(['reconnecting', 'connected'])
    leg.chat('c1').trouble = new MediatorError('UNREACHABLE', 'down')
    const read = leg.chat('c1').asked.length
    await until('one of them was in trouble for long', () => leg.chat('c1').asked.length > read + 4)
    expect(link.reports).toEqual(['reconnecting', 'connected'])
  })

  test.each([[0], [3]])('leaves at once when it is told to, with %i chats', async count => {
    const { books, leg, ids } = openMany(count)
    for (const id of ids) leg.chat(id).trouble = 'hangs'
    run = runChats(books, leg)
    await until('it is at work', () => leg.underWay.now === count)
    const told = performance.now()
    await run.stop()
    expect(performance.now() - told).toBeLessThan(1_000)
    expect(leg.underWay.now).toBe(0)
    expect(await run.ended).toBeUndefined()
  })

  test.each(['emit', 'sessions'] as const)(
    'stops when %s says that another replica has taken over',
    async what => {
      const { books, leg } = openMany(2)
      leg.chat('c1').says('hello')
      run = runChats(books, leg)
      run.link.failures[what].push('FENCED')
      expect(await run.ended).toMatchObject({ code: 'FENCED' })
      expect(leg.underWay.now).toBe(0)
    },
  )

  describe('with credentials that are refused', () => {
    const stranger = () => new MediatorError('MISCONFIGURED', 'a stranger')

    test('gives up after a minute of nothing else', async () => {
      const { books, leg, ids } = openMany(2)
      for (const id of ids) leg.chat(id).trouble = stranger()
      run = runChats(books, leg)
      await until('both were refused', () => ids.every(id => leg.chat(id).asked.length > 1))
      run.jump(61_000)
      expect(await run.ended).toMatchObject({ code: 'MISCONFIGURED' })
    })

    test.each([
      ['another chat can be read', undefined],
      ['another chat fails for another reason', new MediatorError('UNREACHABLE', 'down')],
    ])('goes on when %s', async (_, other) => {
      const { books, leg } = openMany(2)
      leg.chat('c1').trouble = stranger()
      leg.chat('c2').trouble = other
      run = runChats(books, leg)
      await until('both were read', () => leg.chat('c1').asked.length > 2 && leg.chat('c2').asked.length > 2)
      run.jump(61_000)
      openSession(books, { id: 'c3', state: null })
      leg.chat('c3').says('hello')
      await until('it still works', () => books.events.length === 1 && leg.chat('c3').asked.length > 5)
    })

    test('goes on when it has worked before', async () => {
      const { books, leg } = openMany(1)
      run = runChats(books, leg)
      const chat = leg.chat('c1')
      await until('it was read', () => chat.asked.length > 1)
      chat.trouble = stranger()
      const read = chat.asked.length
      await until('it was refused', () => chat.asked.length > read + 1)
      leg.chat('c2').trouble = stranger()
      openSession(books, { id: 'c2', state: null })
      run.jump(61_000)
      await until('it was refused for long', () => leg.chat('c2').asked.length > 3)
      chat.trouble = undefined
      chat.says('hello')
      await until('it still works', () => books.events.length === 1)
    })
  })
})
