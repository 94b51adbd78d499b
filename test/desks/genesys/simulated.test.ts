import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Chat, type Genesys, startGenesys } from '../../../simulators/genesys/index.ts'
import type { Desk } from '../../../src/desks/desk.ts'
import { genesys as definition } from '../../../src/desks/genesys/index.ts'
import type { Conversation } from '../../../src/domain/session.ts'
import { createClock } from '../../../src/lib/clock.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor } from '../../../src/lib/http-door.ts'
import { noLinks } from '../../support/no-links.ts'
import { until } from '../../support/until.ts'
import { type Books, createBooks, createFakeLink, openSession, storyOf } from './fake-link.ts'
import { anOpening, aSending, aSession, expectError, ODD_TEXT } from './support.ts'

const QUICK = { poll: { busy_ms: 10, idle_ms: 20 } }
const LOGIN = { user: 'gms', password: 'gms-password' }

let site: Genesys
const stops: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  site = await startGenesys({
    contactCenterId: 'center-1',
    gmsAuth: LOGIN,
    endpoints: { general: { agents: ['ana', 'luis'] }, queue: 'queue' },
  })
})
afterAll(() => site.stop())
afterEach(async () => {
  site.faults.clear()
  for (const stop of stops.splice(0)) await stop()
})

const WAYS = {
  gws: () => ({ url: `${site.url}/api/v2`, contact_center_id: 'center-1' }),
  gms: () => ({ customer_api: 'gms', gms_url: site.url, gms_user: LOGIN.user, gms_password: LOGIN.password }),
}

const call = { signal: new AbortController().signal, log: pino({ level: 'silent' }), attempt: 1 }

function deskBy(way: keyof typeof WAYS, more: Record<string, unknown> = {}): Desk {
  const clock = createClock()
  const http = createHttpDoor({ account: 'genesys', clock })
  const files = createFileSource(createHttpDoor({ account: 'files', clock, breaker: 'off' }))
  stops.push(() => http.close())
  const given = { ...WAYS[way](), ...QUICK, endpoints: { GTM_HIV: 'general', Later: 'queue' }, ...more }
  return definition.create(definition.settings.parse(given), {
    name: 'genesys',
    http,
    files,
    clock,
    links: noLinks,
  })
}

/** Runs the desk's only link over these books; gives what stops it. */
function follow(desk: Desk, books: Books): () => Promise<unknown> {
  if (desk.inbound.kind !== 'link') throw new Error('no link')
  const link = createFakeLink(books)
  const ended = Promise.all(desk.inbound.links.map(one => one.run(link)))
  const stop = () => {
    link.stop()
    return ended
  }
  stops.unshift(stop)
  return stop
}

type Talk = { desk: Desk; books: Books; conversation: Conversation; chat: Chat; stop: () => Promise<unknown> }

async function talk(way: keyof typeof WAYS, department = 'GTM_HIV'): Promise<Talk> {
  const desk = deskBy(way)
  const { conversation } = await desk.openConversation(anOpening({ department }), call)
  const books = createBooks()
  openSession(books, conversation)
  const stop = follow(desk, books)
  return { desk, books, conversation, chat: site.chatOf(conversation.id) as Chat, stop }
}

const wordsOf = ({ log }: Chat, type: string) =>
  log.filter(line => line.type === 'Text' && line.from.type === type).map(({ text }) => text)

describe.each(['gws', 'gms'] as const)('a conversation by %s', way => {
  test('goes both ways, through a transfer, to its end', async () => {
    const { desk, books, conversation, chat } = await talk(way)
    expect(chat.userData).toEqual({ mediatorKey: 'session-1', mediatorKeyDepartment: 'GTM_HIV' })
    await until('an agent is there', () => books.events.length === 1)
    await desk.sendToAgent(aSending({ text: ODD_TEXT }, conversation), call)
    site.agentTypes(chat.id)
    site.agentWhispers(chat.id, 'a difficult one')
    site.agentSays(chat.id, ODD_TEXT)
    site.notice(chat.id, '{"machine": "only"}')
    site.agentTransfers(chat.id, 'luis')
    site.agentSays(chat.id, 'hello')
    await until('the second agent is heard', () => books.events.length === 5)
    expect(storyOf(books)).toEqual(['+Ana', `Ana: ${ODD_TEXT}`, '-', '+Luis', 'Luis: hello'])
    expect(wordsOf(chat, 'Customer')).toEqual([ODD_TEXT])
    site.agentSays(chat.id, 'bye')
    site.agentEnds(chat.id)
    await until('it is closed', () => books.events.some(({ type }) => type === 'closed'))
    expect(storyOf(books).slice(5)).toEqual(['Luis: bye', '-', 'end agent'])
    const late = desk.sendToAgent(aSending({ text: 'thanks' }, conversation), call)
    expectError(await late.catch(error => error), 'CONVERSATION_GONE')
    await desk.closeConversation(aSession(conversation), 'bot', call)
  })

  test('waits while nobody is there', async () => {
    const { desk, books, conversation, chat } = await talk(way, 'Later')
    await desk.sendToAgent(aSending({ text: 'is anybody there?' }, conversation), call)
    site.notice(chat.id, 'you are next', { as: 'External' })
    site.agentJoins(chat.id, 'luis')
    await until('somebody is there', () => books.events.length === 2)
    site.agentLeaves(chat.id)
    const read = chat.polls.length
    await until('it is read on', () => chat.polls.length > read + 5)
    expect(storyOf(books)).toEqual([': you are next', '+Luis', '-'])
  })

  test('is read on by the next run, without loss or doubles', async () => {
    const { desk, books, conversation, chat, stop } = await talk(way)
    site.agentSays(chat.id, '1')
    await until('it is heard', () => storyOf(books).includes('Ana: 1'))
    await stop()
    site.agentWhispers(chat.id, 'between')
    site.agentSays(chat.id, '2')
    await desk.sendToAgent(aSending({ text: 'mine' }, conversation), call)
    site.agentSays(chat.id, '3')
    follow(desk, books)
    await until('all is heard', () => storyOf(books).includes('Ana: 3'))
    expect(storyOf(books)).toEqual(['+Ana', 'Ana: 1', 'Ana: 2', 'Ana: 3'])
    expect(books.repeats).toEqual([])
    expect(chat.polls.every(({ index }) => index !== undefined)).toBe(true)
  })

  test('survives answers that are cut, broken or none', async () => {
    const { books, chat } = await talk(way)
    const route = way === 'gws' ? '/api/v2/chats/*/messages' : '/genesys/2/chat/*'
    for (const kind of ['half-json', 'reset-after', 'reset-before'] as const) {
      site.faults.add({ kind, route, times: 2 })
      site.agentSays(chat.id, kind)
      await until('it is heard', () => storyOf(books).includes(`Ana: ${kind}`))
    }
    expect(storyOf(books)).toEqual(['+Ana', 'Ana: half-json', 'Ana: reset-after', 'Ana: reset-before'])
    expect(site.faults.list().map(({ fired }) => fired)).toEqual([2, 2, 2])
  })

  test('is over when the desk has forgotten it', async () => {
    const { desk, books, conversation, chat } = await talk(way)
    await until('an agent is there', () => books.events.length === 1)
    site.forgetChat(chat.id)
    await until('it is closed', () => books.events.some(({ type }) => type === 'closed'))
    const late = desk.sendToAgent(aSending({ text: 'hello?' }, conversation), call)
    expectError(await late.catch(error => error), 'CONVERSATION_GONE')
    await desk.closeConversation(aSession(conversation), 'bot', call)
  })

  test('is ended by the client’s side', async () => {
    const { desk, conversation, chat } = await talk(way)
    await desk.closeConversation(aSession(conversation), 'bot', call)
    expect(chat.state).toBe('Idle')
    await desk.closeConversation(aSession(conversation), 'bot', call)
  })
})

test('a chat that is deserted without saying so is over', async () => {
  const { desk, books, conversation, chat } = await talk('gws')
  await until('an agent is there', () => books.events.length === 1)
  site.agentEnds(chat.id, { stranded: true })
  await until('it is closed', () => books.events.some(({ type }) => type === 'closed'))
  const late = desk.sendToAgent(aSending({ text: 'hello?' }, conversation), call)
  expectError(await late.catch(error => error), 'CONVERSATION_GONE')
})

test.each([
  ['gws', { contact_center_id: 'another' }, 'contact_center_id'],
  ['gws', { endpoints: { default: 'nowhere' } }, 'nowhere'],
  ['gws', { headers: { authorization: 'Basic YTpi' } }, 'contact_center_id'],
  ['gms', { endpoints: { default: 'nowhere' } }, 'nowhere'],
  ['gms', { gms_password: 'wrong' }, 'credentials'],
] as const)('%s with %j says what to mend', async (way, more, word) => {
  const opening = deskBy(way, more).openConversation(anOpening(), call)
  expectError(await opening.catch(error => error), 'MISCONFIGURED', word)
})
