import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  agentSaying,
  callsSeen,
  DEPARTMENT,
  DESK_EVENTS,
  endPath,
  expectEnvelope,
  expectNoSession,
  REGISTER,
  registerSomebody,
  registration,
  saying,
  sessionOf,
  sessionPath,
  TO_AGENT,
  TO_CLIENT,
} from '../http/asks.ts'
import { until } from '../support/until.ts'
import { STORES, startWorld, WEBHOOK_SECRET, type World } from '../support/world.ts'

const SIMULATION = { 'x-mailroom-mode': 'simulation' }

describe.each(STORES)('sessions on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  it('shows a session beside the envelope', async () => {
    const { uuid, rid } = await registerSomebody(world)
    const answer = await world.call('GET', sessionPath(uuid))
    expectEnvelope(answer, 200, 'success')
    const session = await sessionOf(world, uuid)
    expect(session).toMatchObject({
      state: 'assigned',
      desk: 'rocketchat',
      conversation: rid,
      department: DEPARTMENT,
      agent: 'Ana',
      waiting: { to_agent: 0, to_client: 0 },
    })
    const age = Date.now() - Date.parse(String(session.opened_at))
    expect(age).toBeGreaterThanOrEqual(0)
    expect(age).toBeLessThan(60_000)
    expect(JSON.stringify(answer.body)).not.toMatch(/Zoila|5555/)
  })

  it('keeps the session of who registers twice, also at the same moment', async () => {
    const { uuid } = world.rapidpro.addContact()
    const register = () => world.call('POST', REGISTER, registration(uuid))
    for (const answer of await Promise.all([register(), register(), register()]))
      expectEnvelope(answer, 200, 'success')
    const { id } = await sessionOf(world, uuid)
    expectEnvelope(await register(), 200, 'success')
    expect((await sessionOf(world, uuid)).id).toBe(id)
    expect(roomsOf(uuid)).toHaveLength(1)
  })

  it('ends a session by a delete, and calls deleting nothing a success', async () => {
    const { uuid, rid } = await registerSomebody(world)
    expectEnvelope(await world.call('DELETE', endPath(uuid)), 200, 'success')
    expect(world.rocketchat.state.rooms.get(rid)?.open).toBeUndefined()
    expect(await sessionOf(world, uuid)).toMatchObject({ state: 'ended' })
    expectEnvelope(await world.call('DELETE', endPath(uuid)), 200, 'success')
    expectEnvelope(await world.call('DELETE', endPath(randomUUID())), 200, 'success')
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'hello?')), 409, 'session-closed')
  })

  it('says session-closed after the agent’s end, until the client registers again', async () => {
    const { uuid, rid } = await registerSomebody(world)
    await world.rocketchat.close(rid)
    await until('it has ended', async () => (await sessionOf(world, uuid)).state === 'ended')
    const before = callsSeen(world)
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'hello?')), 409, 'session-closed')
    expect(callsSeen(world)).toBe(before)
    expectEnvelope(await world.call('POST', REGISTER, registration(uuid)), 200, 'success')
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'hello!')), 200, 'success')
    expect(roomsOf(uuid)).toHaveLength(2)
  })

  it('refuses who was never registered', async () => {
    const before = callsSeen(world)
    const uuid = randomUUID()
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'hello')), 404, 'no-session')
    await expectNoSession(world, uuid)
    expect(callsSeen(world)).toBe(before)
  })

  it.each([TO_CLIENT, DESK_EVENTS])('takes what an agent says at %s', async path => {
    const { uuid } = await registerSomebody(world)
    const text = `hello at ${path}`
    const headers = { authorization: '', 'x-rocketchat-livechat-token': WEBHOOK_SECRET }
    expectEnvelope(await world.call('POST', path, agentSaying(uuid, text), headers), 200, 'success')
    expect((await world.rapidpro.nextMessageTo(uuid)).text).toBe(text)
  })

  it('takes what an agent says with an API token, or with the secret in the address', async () => {
    const { uuid } = await registerSomebody(world)
    expectEnvelope(await world.call('POST', TO_CLIENT, agentSaying(uuid, 'one')), 200, 'success')
    const path = `${DESK_EVENTS}?token=${WEBHOOK_SECRET}`
    const answer = await world.call('POST', path, agentSaying(uuid, 'two'), { authorization: '' })
    expectEnvelope(answer, 200, 'success')
    expect(Object.keys(answer.body)).toEqual(['status_code', 'status', 'msg'])
    await until('both are there', () => world.rapidpro.messagesTo(uuid).length === 2)
    expect(world.rapidpro.messagesTo(uuid).map(({ text }) => text)).toEqual(['one', 'two'])
  })

  it('ignores events about people it has no session for', async () => {
    const before = callsSeen(world)
    const token = randomUUID()
    const closing = { type: 'LivechatSession', _id: 'web-chat', visitor: { token }, messages: [] }
    for (const event of [agentSaying(token, 'x'), { ...agentSaying(token, 'x'), _id: 'web-chat' }, closing])
      expectEnvelope(await world.call('POST', TO_CLIENT, event), 200, 'ignored')
    expect(callsSeen(world)).toBe(before)
    await expectNoSession(world, token)
  })

  it('delivers once what comes twice with the same id', async () => {
    const { uuid, rid } = await registerSomebody(world)
    const body = saying(uuid, 'only once')
    for (const answer of [await world.call('POST', TO_AGENT, body), await world.call('POST', TO_AGENT, body)])
      expectEnvelope(answer, 200, 'success')
    const unnamed = { contact: { uuid }, input: { text: 'only once' } }
    for (const key of ['k1', 'k1', 'k2'])
      await world.call('POST', TO_AGENT, unnamed, { 'idempotency-key': key })
    for (let i = 0; i < 2; i += 1) await world.call('POST', TO_AGENT, unnamed)
    const said = world.rocketchat.state.index.messagesByRoom.get(rid)?.filter(({ token }) => token === uuid)
    expect(said).toHaveLength(5)
  })

  it('opens, sends and closes nothing in a simulation', async () => {
    const stranger = randomUUID()
    const { uuid } = await registerSomebody(world)
    const before = callsSeen(world)
    const simulated = [
      await world.call('POST', REGISTER, registration(stranger), SIMULATION),
      await world.call('POST', TO_AGENT, saying(uuid, 'x'), SIMULATION),
      await world.call('POST', TO_AGENT, saying(stranger, 'x'), SIMULATION),
      await world.call('DELETE', endPath(uuid), undefined, SIMULATION),
    ]
    for (const answer of simulated) {
      expectEnvelope(answer, 200, 'success')
      expect(answer.body.msg).toMatch(/simulated/)
    }
    expect(callsSeen(world)).toBe(before)
    await expectNoSession(world, stranger)
    expect((await sessionOf(world, uuid)).state).toBe('assigned')
  })

  it('checks a simulation like the real thing', async () => {
    const before = callsSeen(world)
    const bad = { ...SIMULATION, authorization: 'Token wrong' }
    expectEnvelope(await world.call('POST', REGISTER, registration('u'), bad), 401, 'unauthorized')
    expectEnvelope(await world.call('POST', REGISTER, {}, SIMULATION), 400, 'invalid')
    expectEnvelope(await world.call('POST', TO_AGENT, { contact: { uuid: 'u' } }, SIMULATION), 400, 'invalid')
    expectEnvelope(await world.call('DELETE', endPath('u'), undefined, bad), 401, 'unauthorized')
    expect(callsSeen(world)).toBe(before)
  })

  function roomsOf(token: string) {
    return [...world.rocketchat.state.rooms.values()].filter(room => room.v.token === token)
  }
})
