import { pino } from 'pino'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  type ProfileName,
  type Rocketchat,
  type RocketchatOptions,
  startRocketchat,
} from '../../../simulators/rocketchat/index.ts'
import type { Conversing, Desk, Standing } from '../../../src/desks/desk.ts'
import { rocketchat as definition } from '../../../src/desks/rocketchat/index.ts'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor, type HttpDoor } from '../../../src/lib/http-door.ts'
import { noLinks } from '../../support/no-links.ts'
import { aSession, UUID } from './support.ts'

const HOUR_MS = 3_600_000

type Office = {
  server: Rocketchat
  desk: Desk
  /** The session, as its opening left it. */
  session: Conversing
  /** On the clock of both sides, in ms. */
  pass(ms: number): void
  look(more?: Partial<Conversing>): Promise<Standing>
  /** All that the webhooks told, as the mediator reads it. */
  told(): AgentEvent[]
}

const call = { signal: new AbortController().signal, log: pino({ level: 'silent' }), attempt: 1 }

const doors: HttpDoor[] = []
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
})

/** `off`: by how much the server’s clock differs from ours, in ms. */
async function setOffice(options: RocketchatOptions = {}, settings = {}, off = 0): Promise<Office> {
  let ahead = 0
  const now = () => Date.now() + ahead
  const server = await startRocketchat({
    now: () => now() + off,
    ...options,
    settings: {
      API_Enable_Rate_Limiter: false,
      Livechat_webhookUrl: 'http://127.0.0.1:9/nobody',
      webhookRetryMs: 60_000,
      ...options.settings,
    },
  })
  onTestFinished(() => server.stop())
  const http = createHttpDoor({ account: 'rocketchat', clock: { now } })
  doors.push(http)
  const read = definition.settings.parse({
    url: server.url,
    webhook_token: 'hook',
    rate_limits: 'off',
    ...settings,
  })
  const desk = definition.create(read, {
    name: 'rocketchat',
    http,
    files: createFileSource(http),
    clock: { now },
    links: noLinks,
  })
  const openedAt = now()
  const request = { session: 's', client: { uuid: UUID }, department: 'Support', results: {} }
  const { conversation, state, agent } = await desk.openConversation(request, call)
  const session = { ...aSession(conversation), state, openedAt, desk: 'rocketchat', ...(agent && { agent }) }
  return {
    server,
    desk,
    session,
    pass: ms => {
      ahead += ms
    },
    look: more => (desk.lookUp as NonNullable<Desk['lookUp']>)({ ...session, ...more }, call),
    told: () => server.state.webhooks.flatMap(({ body }) => parse(desk, body)),
  }
}

function parse({ inbound }: Desk, body: unknown): AgentEvent[] {
  if (inbound.kind !== 'webhook') throw new Error('it is one')
  return inbound.parse({ body, text: '' })
}

/** Without what is made anew at every telling: the token of a file's address. */
function comparable(events: AgentEvent[]): unknown[] {
  return events.map(event => JSON.parse(JSON.stringify(event).replaceAll(/\?token=[\w.-]+/g, '')))
}

const texts = ({ said = [] }: Standing) =>
  said.flatMap(event => (event.type === 'message' ? [event.message.text] : []))

describe.each<ProfileName>(['4.4', '6.4', '6.14', '7.11', '8.8'])('on %s', profile => {
  test('history and webhook tell of the same things by the same ids', async () => {
    const { server, look, told, pass } = await setOffice({
      profile,
      settings: { Livechat_webhook_on_visitor_message: true, Livechat_webhook_on_chat_taken: false },
    })
    const token = { token: UUID, rid: server.openRoomOf(UUID)?._id }
    const step = () => pass(1_000)
    await server.say(UUID, 'one :smile:')
    step()
    await post(server, 'livechat/message', { ...token, msg: 'my own words' })
    step()
    const { _id } = await server.say(UUID, 'two')
    step()
    await server.quote(UUID, 'three', _id)
    step()
    await server.sendFile(UUID, { name: 'a.pdf', type: 'application/pdf', data: 'x', caption: 'read this' })
    step()
    server.systemMessage(UUID)
    await server.editMessage(_id, 'two, mended')
    step()
    await server.close(UUID, { comment: 'good bye' })
    const { state, said } = await look()
    expect(state).toBe('closed')
    const firsts = new Map(told().map(event => [`${event.type}/${event.id}`, event]))
    // The first version of what was edited is known no more.
    firsts.delete(`message/${_id}`)
    const webhooks = [...firsts.values()].filter(({ type }) => type === 'message' || type === 'closed')
    expect(webhooks.map(({ type }) => type)).toEqual([...Array(5).fill('message'), 'closed'])
    expect(comparable(said ?? [])).toEqual(comparable(webhooks).map(atItsClosing(said)))
    const kept = told().flatMap(event => (event.type === 'history' ? event.said : []))
    const before = (said ?? []).filter(({ type }) => type === 'message').slice(0, -1)
    expect(comparable(kept.toSorted(byTime))).toEqual(comparable(before))
  })
})

const byTime = (one: AgentEvent, other: AgentEvent): number => (one.at ?? 0) - (other.at ?? 0)

/** The webhook has the room's time of the end, the history that of its message. */
function atItsClosing(said: AgentEvent[] = []): (event: unknown) => unknown {
  const at = said.find(({ type }) => type === 'closed')?.at
  return event => ((event as AgentEvent).type === 'closed' ? { ...(event as AgentEvent), at } : event)
}

async function post({ url }: Rocketchat, route: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/api/v1/${route}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
}

describe('how a room stands', () => {
  test('waiting, then taken, as the webhook tells of it', async () => {
    const { server, look, told } = await setOffice({
      settings: { Livechat_Routing_Method: 'Manual_Selection' },
    })
    expect(await look()).toEqual({ state: 'queued', said: [] })
    await server.takeRoom(UUID, 'luis')
    const taken = told().filter(({ type }) => type === 'assigned')
    expect(comparable(taken)).toHaveLength(1)
    expect(await look()).toEqual({ state: 'assigned', agent: 'Luis', said: comparable(taken) })
    expect(await look({ agent: 'Luis' })).toEqual({ state: 'assigned', agent: 'Luis', said: [] })
  })

  test('forwarded to another agent', async () => {
    const { server, look } = await setOffice()
    const { username } = server.openRoomOf(UUID)?.servedBy ?? {}
    await server.forward(UUID, { agent: username === 'ana' ? 'luis' : 'ana' })
    const standing = await look()
    expect(standing).toMatchObject({ state: 'assigned', said: [{ type: 'assigned' }] })
  })

  test('with the agent whose username the opening told: nothing new', async () => {
    const { look, session } = await setOffice()
    expect(await look()).toEqual({ state: 'assigned', agent: session.agent, said: [] })
  })

  test('agents who are not shown to visitors are known by their username', async () => {
    const { look } = await setOffice({ settings: { Livechat_show_agent_info: false } })
    expect(await look({ agent: 'Somebody Else' })).toMatchObject({ state: 'assigned', agent: 'ana' })
  })

  test('closed by the client', async () => {
    const { look, desk, session } = await setOffice()
    await desk.closeConversation(session, 'bot', call)
    expect(await look()).toMatchObject({ state: 'closed', said: [{ type: 'closed', reason: 'client' }] })
  })

  test('closed by our own bot user: its comment is no agent’s word', async () => {
    const { look, desk, session } = await setOffice(
      { settings: { Omnichannel_allow_visitors_to_close_conversation: false } },
      { user_id: 'simulatedBotUser1', auth_token: 'simulated-bot-token' },
    )
    await desk.closeConversation(session, 'bot', call)
    const { state, said } = await look()
    expect([state, said?.map(({ type }) => type)]).toEqual(['closed', ['closed']])
  })

  test('removed', async () => {
    const { server, look } = await setOffice()
    server.state.rooms.clear()
    server.state.index.openRoomByToken.clear()
    await expect(look()).rejects.toMatchObject({ code: 'CONVERSATION_GONE' })
  })

  test('closed, where the workspace hides such messages', async () => {
    const { server, look } = await setOffice()
    await server.close(UUID)
    hideEnd(server)
    expect(await look()).toMatchObject({ state: 'closed', said: [] })
  })

  test('not to be seen by our bot user: that is no end', async () => {
    const bot = { user_id: 'simulatedBotUser1', auth_token: 'simulated-bot-token' }
    const { server, look } = await setOffice({}, bot)
    server.state.index.openRoomByToken.clear()
    expect(await look()).toMatchObject({ state: 'assigned' })
  })

  test('another open room of the same visitor is no end of this one', async () => {
    const { server, look, session } = await setOffice()
    const other = { ...server.openRoomOf(UUID), _id: 'another', v: { token: UUID } }
    server.state.index.openRoomByToken.set(UUID, other as never)
    expect(await look()).toMatchObject({ state: 'assigned' })
    await server.close(session.conversation.id)
    server.state.index.openRoomByToken.set(UUID, other as never)
    expect(await look()).toMatchObject({ state: 'closed', said: [{ type: 'closed' }] })
  })

  test('while Omnichannel is switched off nothing is known', async () => {
    const { server, look } = await setOffice()
    server.settings.Livechat_enabled = false
    await expect(look()).rejects.toMatchObject({ code: 'UNEXPECTED' })
  })

  test('nothing is opened, closed or changed by it', async () => {
    const { server, look } = await setOffice()
    const before = server.state.requests.length
    await server.close(UUID)
    await look()
    expect(server.state.requests.slice(before).map(({ method }) => method)).toEqual(['GET', 'GET'])
    expect(server.state.rooms.size).toBe(1)
  })
})

function hideEnd({ state }: Rocketchat): void {
  for (const list of state.index.messagesByRoom.values())
    list.splice(0, list.length, ...list.filter(({ t }) => t !== 'livechat-close'))
}

describe('what was said', () => {
  test('in more than one page, oldest first', async () => {
    const { server, look, pass } = await setOffice()
    const all = Array.from({ length: 120 }, (_, nth) => `word ${nth}`)
    for (const text of all) {
      await server.say(UUID, text)
      pass(10)
    }
    expect(texts(await look())).toEqual(all)
  })

  test('not before the session began, and not longer ago than ids are remembered', async () => {
    const { server, look, pass, session } = await setOffice()
    await server.say(UUID, 'long ago')
    pass(72 * HOUR_MS)
    await server.say(UUID, 'just now')
    expect(texts(await look())).toEqual(['just now'])
    const { openedAt } = session
    expect(texts(await look({ openedAt: openedAt + 80 * HOUR_MS }))).toEqual([])
  })

  test.each([
    ['ahead', 40_000],
    ['behind', -40_000],
  ])('since the session began, by a desk’s clock that is %s', async (_, off) => {
    const { server, look, pass, session } = await setOffice({}, {}, off)
    await server.say(UUID, 'in the session before')
    pass(20_000)
    const openedAt = session.openedAt + 20_000
    pass(1_000)
    await server.say(UUID, 'at once')
    pass(60_000)
    expect(texts(await look({ openedAt }))).toEqual(['at once'])
  })

  test('not what a text quotes, or links to', async () => {
    const { server, look } = await setOffice()
    const message = await server.say(UUID, 'look at this')
    message.attachments = [{ description: 'words of somebody else' }]
    expect(texts(await look())).toEqual(['look at this'])
  })

  test('never the client’s own words, even where their mark is missing', async () => {
    const { server, look } = await setOffice()
    const room = { token: UUID, rid: server.openRoomOf(UUID)?._id }
    await post(server, 'livechat/message', { ...room, msg: 'mine' })
    for (const message of server.state.messages.values()) delete message.token
    expect(texts(await look())).toEqual([])
  })
})

describe('the limits of an untouched server', () => {
  const paced = { rate_limits: 'default' }

  test('leave room for six looks a minute, and for what others must ask', async () => {
    const { look, desk, session, pass } = await setOffice(
      { settings: { API_Enable_Rate_Limiter: true } },
      paced,
    )
    for (let nth = 0; nth < 6; nth++) await look()
    await expect(look()).rejects.toMatchObject({ code: 'THROTTLED' })
    const { conversation: _, ...lost } = session
    await desk.closeConversation(lost, 'failed', call)
    pass(61_000)
    expect(await look()).toMatchObject({ state: 'closed' })
  })

  test('take nothing from the openings', async () => {
    const { look, desk } = await setOffice({ settings: { API_Enable_Rate_Limiter: true } }, paced)
    for (let nth = 0; nth < 7; nth++) await look().catch(() => undefined)
    for (let nth = 0; nth < 4; nth++) {
      const client = { uuid: `${UUID}${nth}` }
      const request = { session: `s${nth}`, client, department: 'Support', results: {} }
      await expect(desk.openConversation(request, call)).resolves.toMatchObject({ state: 'assigned' })
    }
  })
})
