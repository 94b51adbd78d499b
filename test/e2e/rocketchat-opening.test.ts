import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import {
  agentReads,
  agentSays,
  allQuiet,
  askForAgent,
  clientReads,
  ended,
  handOver,
  showSession,
} from './rocketchat-conversation.ts'

describe.each(STORES)('opening a room on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  it('takes a department by its name, by its _id, and with spaces around it', async () => {
    const [support, hiv] = [...world.rocketchat.state.departments.values()]
    const rooms = []
    for (const department of [hiv?.name, hiv?._id, `  ${hiv?.name}\n`, support?._id])
      rooms.push((await handOver(world, { department: department ?? '' })).room.departmentId)
    expect(rooms).toEqual([hiv?._id, hiv?._id, hiv?._id, support?._id])
  })

  it('opens one room however often the client is registered', async () => {
    const { contact, flow, room } = await handOver(world)
    const rooms = world.rocketchat.state.rooms.size
    const body = { contact: { uuid: contact.uuid }, department: 'Support' }
    const again = await Promise.all(
      Array.from({ length: 6 }, () => world.call('POST', '/live-agents/registerClient', body)),
    )
    expect(again.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(world.rocketchat.state.rooms.size).toBe(rooms)
    expect(await showSession(world, contact.uuid)).toMatchObject({ conversation: room._id })
    expect(await flow.clientSays('still the same room')).toMatchObject({ status: 200 })
  })

  it('opens one room for registrations at the same time', async () => {
    const { uuid } = world.rapidpro.addContact()
    const rooms = world.rocketchat.state.rooms.size
    const body = { contact: { uuid }, department: 'Support' }
    const all = await Promise.all(
      Array.from({ length: 6 }, () => world.call('POST', '/live-agents/registerClient', body)),
    )
    expect(all.map(({ status }) => status)).toEqual(Array(6).fill(200))
    expect(world.rocketchat.state.rooms.size).toBe(rooms + 1)
  })

  it('takes a client who comes back into a new room, and leaves the old one', async () => {
    const { rocketchat } = world
    const before = await handOver(world)
    await agentSays(world, before, 'first chat')
    await rocketchat.close(before.room._id, { comment: 'first end' })
    await ended(world, before)
    const body = { contact: { uuid: before.contact.uuid }, department: 'Support' }
    expect(await world.call('POST', '/live-agents/registerClient', body)).toMatchObject({ status: 200 })
    const room = rocketchat.openRoomOf(before.contact.uuid)
    expect(room?._id).not.toBe(before.room._id)
    await rocketchat.say(room?._id ?? '', 'second chat')
    await allQuiet(world, before)
    expect(clientReads(world, before)).toEqual(['first chat', 'first end', 'second chat'])
    expect(await showSession(world, before.contact.uuid)).toMatchObject({ state: 'assigned' })
  })

  it('opens a room for a nameless contact whose number is hidden', async () => {
    const { rapidpro, rocketchat } = world
    rapidpro.state.settings.hideUrns = true
    const conversation = await handOver(world, { name: null, urn: 'tel:+50255550199' })
    rapidpro.state.settings.hideUrns = false
    const [visitor] = bodiesTo(world, 'visitor', conversation.contact.uuid)
    expect(visitor).toEqual({ token: conversation.contact.uuid, department: 'Support' })
    await conversation.flow.clientSays('you do not know me')
    await agentSays(world, conversation, 'no need to')
    expect(clientReads(world, conversation)).toEqual(['no need to'])
    expect(agentReads(world, conversation)).toEqual(['you do not know me'])
    expect(JSON.stringify(rocketchat.state.requests)).not.toMatch(/\*\*\*/)
  })

  it('keeps the phone number to itself', async () => {
    const { contact } = await handOver(world, { name: 'Ana', urn: 'tel:+50255550177' })
    const [visitor] = bodiesTo(world, 'visitor', contact.uuid)
    expect(visitor).toEqual({ token: contact.uuid, name: 'Ana', department: 'Support' })
    expect(JSON.stringify(world.rocketchat.state.requests)).not.toContain('50255550177')
  })

  it('waits in the queue until an agent takes the room', async () => {
    const { rocketchat } = world
    rocketchat.settings.Livechat_Routing_Method = 'Manual_Selection'
    const conversation = await handOver(world)
    rocketchat.settings.Livechat_Routing_Method = 'Auto_Selection'
    const { contact, flow, room } = conversation
    expect(flow.registration).toMatchObject({ status: 200, webhook: { state: 'queued' } })
    expect(await showSession(world, contact.uuid)).toMatchObject({ state: 'queued', agent: null })
    expect(await flow.clientSays('anybody?')).toMatchObject({ status: 200 })
    expect(agentReads(world, conversation)).toEqual(['anybody?'])
    await rocketchat.takeRoom(room._id, 'luis')
    await allQuiet(world, conversation)
    expect(await showSession(world, contact.uuid)).toMatchObject({ state: 'assigned', agent: 'Luis' })
    expect(clientReads(world, conversation)).toEqual([])
    await agentSays(world, conversation, 'Luis here')
    expect(clientReads(world, conversation)).toEqual(['Luis here'])
  })

  it('leaves no room behind when the answer to the opening was lost', async () => {
    const { rocketchat } = world
    rocketchat.faults.add({ kind: 'reset-after', route: '/api/v1/livechat/room', times: 1 })
    const { contact, flow } = await askForAgent(world)
    expect(flow.registration).toMatchObject({ status: 503, webhook: { status: 'unavailable' } })
    expect(await showSession(world, contact.uuid)).toBeUndefined()
    await until('the room nobody knows of is closed', () => !rocketchat.openRoomOf(contact.uuid))
    const body = { contact: { uuid: contact.uuid }, department: 'Support' }
    expect(await world.call('POST', '/live-agents/registerClient', body)).toMatchObject({ status: 200 })
    const { conversation } = await showSession(world, contact.uuid)
    expect(rocketchat.openRoomOf(contact.uuid)?._id).toBe(conversation)
  })

  it('opens nothing for the flow simulator', async () => {
    const rooms = world.rocketchat.state.rooms.size
    const { contact, flow } = await askForAgent(world, { call: { mode: 'simulation' } })
    expect(flow.registration).toMatchObject({ status: 200, result: { category: 'Success' } })
    expect(flow.registration.msg).toContain('simulated')
    expect(await flow.clientSays('hello')).toMatchObject({ status: 200 })
    expect(world.rocketchat.state.rooms.size).toBe(rooms)
    expect(await showSession(world, contact.uuid)).toBeUndefined()
  })
})

describe.each(STORES)('what a desk is told on %s', store => {
  let world: World
  beforeAll(async () => {
    const customFields = { urn: 'visitor', topic: 'visitor', queue: 'visitor' } as const
    const templates = 'urn = "{urn}", topic = "about {results.topic}", queue = "{department}", unknown = "x"'
    const desk = `rate_limits = "off"\nsend_phone = true\ncustom_fields = { ${templates} }`
    world = await startWorld({ store, rocketchat: { customFields }, desk })
  })
  afterAll(() => world?.stop())

  it('fills the custom fields it was given templates for', async () => {
    const { uuid } = world.rapidpro.addContact()
    const contact = { uuid, name: 'Eva', urn: 'facebook:1234567890#eva' }
    const results = { topic: { value: 'results {urn}', category: '' } }
    const body = { contact, department: 'Support', results }
    expect(await world.call('POST', '/live-agents/registerClient', body)).toMatchObject({ status: 200 })
    const visitor = world.rocketchat.state.index.visitorByToken.get(uuid)
    expect(visitor?.livechatData).toEqual({
      urn: 'facebook:1234567890',
      topic: 'about results {urn}',
      queue: 'Support',
    })
  })

  it('sends neither phone nor address where the workspace hides them', async () => {
    const { rapidpro } = world
    rapidpro.state.settings.hideUrns = true
    const { contact } = await handOver(world, { urn: 'tel:+50255550166' })
    rapidpro.state.settings.hideUrns = false
    const [visitor] = bodiesTo(world, 'visitor', contact.uuid)
    expect(visitor).not.toHaveProperty('phone')
    expect(JSON.stringify(visitor)).not.toMatch(/\*\*\*|50255550166/)
  })

  it('reaches the right client when the phone number gives it an older visitor', async () => {
    const { rocketchat } = world
    await registerVisitor(world, { token: 'older-token', name: 'Eva', phone: '+50255550101' })
    const conversation = await handOver(world, { name: 'Eva', urn: 'tel:+50255550101' })
    const { contact, flow, room } = conversation
    expect(room.v.token).toBe('older-token')
    expect(await flow.clientSays('it is me')).toMatchObject({ status: 200 })
    const photo = world.rapidpro.hostFile({ type: 'image/png', data: 'png', name: 'me.png' })
    await flow.clientSays('', [{ content_type: 'image/png', url: photo }])
    await agentSays(world, conversation, 'I know')
    await rocketchat.sendFile(room._id, { name: 'a.pdf', type: 'application/pdf', data: 'a' })
    await allQuiet(world, conversation)
    expect(agentReads(world, conversation)).toEqual(['it is me', ''])
    expect(clientReads(world, conversation)).toEqual(['I know', ''])
    const { status } = await world.call('DELETE', `/live-agents/session/user/${contact.uuid}`)
    expect(status).toBe(200)
    expect(room).toMatchObject({ closer: 'visitor' })
  })

  it('never puts two clients with one phone into one room', async () => {
    const first = await handOver(world, { name: 'Eva', urn: 'tel:+50255550102' })
    const uuid = crypto.randomUUID()
    const contact = { uuid, name: 'Her brother', urn: 'tel:+50255550102' }
    const body = { contact, department: 'Support' }
    const second = await world.call('POST', '/live-agents/registerClient', body)
    expect(second).toMatchObject({ status: 502, body: { status: 'unavailable' } })
    expect(await showSession(world, uuid)).toBeUndefined()
    expect(await sayAs(world, uuid, 'is anybody there?')).toBe(404)
    await first.flow.clientSays('I am still here')
    await agentSays(world, first, 'for Eva only')
    expect(agentReads(world, first)).toEqual(['I am still here'])
    expect(clientReads(world, first)).toEqual(['for Eva only'])
    expect(JSON.stringify(world.rapidpro.state.requests)).not.toContain(uuid)
  })

  it('nor two clients of whom one has typed the other’s number', async () => {
    const first = await handOver(world, { urn: 'tel:+50255550103' })
    await first.flow.clientSays('call my sister at 5025 1234')
    const contact = { uuid: crypto.randomUUID(), name: 'The sister', urn: 'tel:5025 1234' }
    const body = { contact, department: 'Support' }
    expect(await world.call('POST', '/live-agents/registerClient', body)).toMatchObject({ status: 502 })
    expect(await sayAs(world, contact.uuid, 'hello?')).toBe(404)
    expect(agentReads(world, first)).toEqual(['call my sister at 5025 1234'])
  })
})

describe.each(STORES)('a bot user on %s', store => {
  let world: World
  beforeAll(async () => {
    const bot = { userId: 'mediatorBot', authToken: 'mediator-bot-token' }
    const settings = {
      API_Enable_Rate_Limiter: true,
      Omnichannel_allow_visitors_to_close_conversation: false,
    }
    const desk = `user_id = "${bot.userId}"\nauth_token = "${bot.authToken}"`
    world = await startWorld({ store, rocketchat: { profile: '8.8', settings, bot }, desk })
  })
  afterAll(() => world?.stop())

  it('is not held up by the limits that a recent server lifts for it', async () => {
    const conversations = []
    for (let i = 0; i < 7; i++) conversations.push(await handOver(world))
    const [first] = conversations
    const outcomes = []
    for (let i = 0; i < 12; i++) outcomes.push((await first?.flow.clientSays(`number ${i}`))?.status)
    expect(outcomes).toEqual(Array(12).fill(200))
    const { requests } = world.rocketchat.state
    expect(requests.every(({ headers }) => headers['x-user-id'] === 'mediatorBot')).toBe(true)
    expect(requests.filter(({ status }) => status === 429)).toEqual([])
  })

  it('closes where visitors may not', async () => {
    const conversation = await handOver(world)
    const { status } = await world.call('DELETE', `/live-agents/session/user/${conversation.contact.uuid}`)
    expect(status).toBe(200)
    expect(conversation.room).toMatchObject({ closer: 'user' })
    expect(await ended(world, conversation)).toMatchObject({ ended: 'bot' })
    expect(clientReads(world, conversation)).toEqual([])
  })
})

/** What was posted to a visitor route about the visitor of this token. */
function bodiesTo({ rocketchat }: World, route: string, token: string): unknown[] {
  const posted = rocketchat.state.requests.filter(({ path }) => path === `/api/v1/livechat/${route}`)
  const visitors = posted.map(({ body }) => (body as { visitor: { token: string } }).visitor)
  return visitors.filter(visitor => visitor.token === token)
}

async function registerVisitor({ rocketchat }: World, visitor: Record<string, string>): Promise<void> {
  await fetch(`${rocketchat.url}/api/v1/livechat/visitor`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ visitor }),
  })
}

async function sayAs(world: World, uuid: string, text: string): Promise<number> {
  const results = { clientmessage: { value: text } }
  const body = { contact: { uuid }, results }
  return (await world.call('POST', '/live-agents/sendMessageToAgent', body)).status
}
