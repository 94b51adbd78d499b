import { describe, expect, test } from 'vitest'
import type { Genesys } from '../../../simulators/genesys/index.ts'
import { until } from '../../support/until.ts'
import { createBooks, openSession, storyOf } from './fake-link.ts'
import { ANA, chatOf, invite, posted, type SeatStage, seatAtWork, startCentre } from './seat-support.ts'

const heard = (stage: SeatStage, words: string) => until(words, () => storyOf(stage.books).includes(words))

const operationsOn = (genesys: Genesys, chat: string) =>
  posted(genesys, `/me/interactions/${chat}`).map(body => (body as { operationName: string }).operationName)

const historiesAsked = (genesys: Genesys, chat: string) =>
  operationsOn(genesys, chat).filter(name => name === 'RequestChatHistory').length

/** Puts the clock forward until something was heard. */
const heardLater = (stage: SeatStage, words: string) =>
  until(words, () => {
    stage.clock.skip(60)
    return storyOf(stage.books).includes(words)
  })

describe.each([true, false])('agents with addresses: %s', agentUris => {
  test('their words reach the client; whispers, echoes, notices, the customer and the past do not', async () => {
    const genesys = await startCentre({ settings: { agentUris } })
    const stage = await seatAtWork(genesys)
    const interaction = invite(genesys)
    genesys.agentJoins(interaction, 'luis')
    genesys.agentSays(interaction, 'before the seat came', { agent: 'luis' })
    genesys.customerSays(interaction, 'so did I')
    await stage.seat.accept(interaction, stage.call)
    openSession(stage.books, { id: interaction, state: { leg: 'seat' } })
    genesys.agentJoins(interaction, ANA)
    genesys.agentSays(interaction, 'hello', { agent: ANA })
    await stage.seat.say(interaction, 'my words', stage.call)
    await stage.seat.operate(interaction, { operation: 'Send', text: 'more of mine' }, stage.call)
    await stage.seat.operate(interaction, { operation: 'SendStartTypingNotification' }, stage.call)
    genesys.agentTypes(interaction, { agent: ANA })
    genesys.agentWhispers(interaction, 'psst', { agent: ANA })
    genesys.customerSays(interaction, 'I am the customer')
    genesys.notice(interaction, 'machine')
    genesys.notice(interaction, 'robot', { as: 'External' })
    await stage.seat.operate(interaction, { operation: 'RequestChatHistory' }, stage.call)
    genesys.agentSays(interaction, 'my words', { agent: ANA })
    genesys.agentLeaves(interaction, ANA)
    await heard(stage, '-')
    expect(storyOf(stage.books)).toEqual(['+Ana', 'Ana: hello', 'Ana: my words', '-'])
    const { events } = stage.books
    expect(
      events.every(
        ({ id, conversation }) => conversation === interaction && id?.startsWith(`${interaction}:`),
      ),
    ).toBe(true)
    const indexes = events.map(({ id = '' }) => Number(id.split(':')[1]))
    expect(indexes).toEqual([...new Set(indexes)].sort((a, b) => a - b))
    expect(stage.books.events[1]?.at).toBeGreaterThan(1_600_000_000_000)
  })
})

test('an agent with the seat’s own nickname is heard, where addresses tell them apart', async () => {
  const genesys = await startCentre({ agents: [{ userName: 'ana', firstName: 'Helper' }] })
  const stage = await seatAtWork(genesys)
  const chat = await chatOf(stage, genesys)
  genesys.agentSays(chat, 'I am not a robot', { agent: ANA })
  await stage.seat.say(chat, 'but I am', stage.call)
  genesys.agentSays(chat, 'bye', { agent: ANA })
  await heard(stage, 'Helper: bye')
  expect(storyOf(stage.books)).toEqual(['Helper: I am not a robot', 'Helper: bye'].toSpliced(0, 0, '+Helper'))
})

test('repeated and swapped notifications: each word once, in order', async () => {
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys)
  const chat = await chatOf(stage, genesys)
  genesys.agentJoins(chat, ANA)
  genesys.faults.add({ kind: 'duplicate', route: '/v2/me/chats', times: 4 })
  genesys.faults.add({ kind: 'reorder', route: '/v2/me/chats', times: 1 })
  const texts = ['1', '2', '3', '4', '5', '6']
  for (const text of texts) genesys.agentSays(chat, text, { agent: ANA })
  await heard(stage, 'Ana: 6')
  expect(storyOf(stage.books)).toEqual(['+Ana', ...texts.map(text => `Ana: ${text}`)])
  expect(stage.books.repeats).toEqual([])
})

test('a notification that got lost is found in the history', async () => {
  const genesys = await startCentre()
  const stage = await seatAtWork(genesys)
  const chat = await chatOf(stage, genesys)
  genesys.agentSays(chat, '1', { agent: ANA })
  await heard(stage, 'Ana: 1')
  genesys.faults.add({ kind: 'drop', route: '/v2/me/chats', times: 1 })
  genesys.agentSays(chat, '2', { agent: ANA })
  genesys.agentSays(chat, '3', { agent: ANA })
  const asked = () => historiesAsked(genesys, chat)
  const before = asked()
  await until('the history is asked for', () => {
    stage.clock.skip(60)
    return asked() > before
  })
  await heard(stage, 'Ana: 3')
  expect(storyOf(stage.books)).toEqual(['+Ana', 'Ana: 1', 'Ana: 2', 'Ana: 3'])
})

describe('another replica takes the seat over', () => {
  test('nothing is told twice, and nothing is lost', async () => {
    const genesys = await startCentre()
    const books = createBooks()
    const first = await seatAtWork(genesys, { books })
    const chat = await chatOf(first, genesys)
    genesys.agentSays(chat, '1', { agent: ANA })
    await heard(first, 'Ana: 1')
    await first.stop()
    genesys.agentSays(chat, '2', { agent: ANA })
    const second = await seatAtWork(genesys, { books })
    await heard(second, 'Ana: 2')
    genesys.agentSays(chat, '3', { agent: ANA })
    await heard(second, 'Ana: 3')
    expect(storyOf(books)).toEqual(['+Ana', 'Ana: 1', 'Ana: 2', 'Ana: 3'])
    expect(books.repeats).toEqual([])
  })

  test('before anything was told, the past stays the past', async () => {
    const genesys = await startCentre()
    const books = createBooks()
    const first = await seatAtWork(genesys, { books })
    const interaction = invite(genesys)
    genesys.agentSays(interaction, 'before the seat came', { agent: 'luis' })
    await first.seat.accept(interaction, first.call)
    await first.stop()
    openSession(books, { id: interaction, state: { leg: 'seat' } })
    genesys.agentSays(interaction, 'hello', { agent: ANA })
    const second = await seatAtWork(genesys, { books })
    await heard(second, 'Ana: hello')
    expect(storyOf(books)).toEqual(['+Ana', 'Ana: hello'])
  })

  test('a chat that has ended meanwhile is found to have', async () => {
    const genesys = await startCentre()
    const books = createBooks()
    const first = await seatAtWork(genesys, { books })
    const ended = await chatOf(first, genesys)
    const forgotten = await chatOf(first, genesys)
    genesys.agentSays(ended, '1', { agent: ANA })
    await heard(first, 'Ana: 1')
    await first.seat.finish(ended, first.call)
    await first.stop()
    for (const one of books.sessions.values()) one.isOver = false
    books.events = []
    genesys.forgetChat(forgotten)
    const second = await seatAtWork(genesys, { books })
    await until('both ended', () => books.events.filter(({ type }) => type === 'closed').length === 2)
    expect(storyOf(books, ended)).toEqual(['end agent'])
    expect(storyOf(books, forgotten)).toEqual(['end gone'])
    expect(second.link.signal.aborted).toBe(false)
  })
})

describe('the end', () => {
  test('is told once, after the last words; an agent who leaves is not the end', async () => {
    const genesys = await startCentre({ settings: { topics: ['/v2/me/chats', '/v2/me/interactions'] } })
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.agentSays(chat, 'wait', { agent: ANA })
    genesys.agentTransfers(chat, 'luis', { agent: ANA })
    genesys.agentSays(chat, 'bye', { agent: 'luis' })
    await stage.seat.operate(chat, { operation: 'Complete' }, stage.call)
    await heard(stage, 'end agent')
    const story = storyOf(stage.books)
    expect(story.slice(0, 5)).toEqual(['+Ana', 'Ana: wait', '-', '+Luis', 'Luis: bye'])
    expect(story.filter(line => line.startsWith('end'))).toEqual(['end agent'])
    expect(stage.books.events.at(-1)?.id).toBe(`${chat}:end`)
  })

  test('by the agents: the seat completes what is left of it', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    genesys.agentSays(chat, 'bye', { agent: ANA })
    genesys.failNext({ leg: 'seat', operation: 'Complete', answer: { statusCode: 4 } })
    genesys.agentEnds(chat)
    await heardLater(stage, 'end agent')
    const said = () => operationsOn(genesys, chat).filter(name => name !== 'RequestChatHistory')
    await until('it has tried twice', () => said().length >= 3)
    expect(said()).toEqual(['Accept', 'Complete', 'Complete'])
  })

  test('by somebody outside: the work is left to them', async () => {
    const genesys = await startCentre()
    const stage = await seatAtWork(genesys)
    const chat = await chatOf(stage, genesys)
    await stage.seat.operate(chat, { operation: 'EndChatSession' }, stage.call)
    const other = await chatOf(stage, genesys)
    genesys.agentSays(other, 'first', { agent: ANA })
    await heard(stage, 'Ana: first')
    stage.clock.skip(20_000)
    genesys.agentSays(other, 'later', { agent: ANA })
    await heard(stage, 'Ana: later')
    expect(posted(genesys, `/me/interactions/${chat}`)).not.toContainEqual({ operationName: 'Complete' })
    await stage.seat.operate(chat, { operation: 'Complete' }, stage.call)
    await heard(stage, 'end agent')
  })
})
