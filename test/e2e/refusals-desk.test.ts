import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  expectEnvelope,
  expectNoSession,
  expectRefused,
  REGISTER,
  registerSomebody,
  registration,
  saying,
  sessionOf,
  TO_AGENT,
} from '../http/asks.ts'
import { until } from '../support/until.ts'
import { type Answer, STORES, startWorld, type World } from '../support/world.ts'

const ROOM = '/api/v1/livechat/room'
const VISITOR = '/api/v1/livechat/visitor'
const WITHIN_MS = 9_000

describe.each(STORES)('a desk that does not take the client, on %s', store => {
  let world: World
  beforeAll(async () => {
    const routes =
      '[[routes]]\ndepartment = "GTM_*"\ndesk = "rocketchat"\n[[routes]]\ndepartment = "SUP*"\ndesk = "rocketchat"'
    world = await startWorld({ store, desk: `rate_limits = "off"\n${routes}` })
  })
  afterEach(async () => {
    const { rocketchat } = world
    rocketchat.faults.clear()
    await rocketchat.faults.up()
    for (const { username } of rocketchat.state.agents.values()) rocketchat.setAgentOnline(username, true)
    await until('the desk is used again', async () => {
      const { uuid } = world.rapidpro.addContact()
      return (await register(uuid)).status === 200
    })
  })
  afterAll(() => world?.stop())

  const register = (uuid: string, department?: string) =>
    world.call('POST', REGISTER, registration(uuid, department))

  it('names a department that no route serves, and asks nobody', async () => {
    const uuid = randomUUID()
    for (const [department, named] of [
      ['ZZZ_NOWHERE', '"ZZZ_NOWHERE"'],
      ['  ZZZ_NOWHERE ', '"ZZZ_NOWHERE"'],
      ['gtm_hiv_general', '"gtm_hiv_general"'],
    ] as const) {
      const answer = await expectRefused(
        world,
        uuid,
        () => register(uuid, department),
        422,
        'unknown-department',
      )
      expect(answer.body.msg).toContain(named)
    }
  })

  it('names a department that the desk does not know', async () => {
    const uuid = randomUUID()
    const answer = await register(uuid, 'GTM_NOWHERE')
    expectEnvelope(answer, 422, 'unknown-department')
    expect(answer.body.msg).toContain('"GTM_NOWHERE"')
    await expectNothingKept(uuid)
  })

  it('says no-agent when nobody is there', async () => {
    for (const username of ['ana', 'luis']) world.rocketchat.setAgentOnline(username, false)
    const uuid = randomUUID()
    expectEnvelope(await register(uuid), 409, 'no-agent')
    await expectNothingKept(uuid)
  })

  it('says unavailable when it refuses connections', async () => {
    await world.rocketchat.faults.down()
    const uuid = randomUUID()
    expectEnvelope(await within(() => register(uuid)), 503, 'unavailable')
    await expectNothingKept(uuid)
  })

  it.each([VISITOR, ROOM])('says unavailable within 9 s when %s stalls', async route => {
    world.rocketchat.faults.add({ kind: 'stall', route })
    const uuid = randomUUID()
    expectEnvelope(await within(() => register(uuid)), 503, 'unavailable')
    await expectNothingKept(uuid)
  })

  it('says unavailable to all who register the same client while it stalls', async () => {
    world.rocketchat.faults.add({ kind: 'stall', route: ROOM })
    const uuid = randomUUID()
    for (const answer of await Promise.all([1, 2, 3].map(() => within(() => register(uuid)))))
      expectEnvelope(answer, 503, 'unavailable')
    await expectNothingKept(uuid)
  })

  it.each([
    ['server-error', 503],
    ['bad-gateway', 503],
    ['reset-before', 503],
  ] as const)('says unavailable to %s', async (kind, status) => {
    world.rocketchat.faults.add({ kind, route: ROOM })
    const uuid = randomUUID()
    expectEnvelope(await within(() => register(uuid)), status, 'unavailable')
    await expectNothingKept(uuid)
  })

  it.each([
    ['reset-after', 503],
    ['half-json', 502],
  ] as const)('leaves no room open whose making it answered with %s', async (kind, status) => {
    world.rocketchat.faults.add({ kind, route: ROOM, times: 1 })
    const uuid = randomUUID()
    expectEnvelope(await within(() => register(uuid)), status, 'unavailable')
    const rooms = () => [...world.rocketchat.state.rooms.values()].filter(({ v }) => v.token === uuid)
    expect(rooms()).toHaveLength(1)
    await until('the room is closed', () => rooms().every(({ open }) => !open))
    await expectNothingKept(uuid)
  })

  it('takes the same client as soon as it is back', async () => {
    await world.rocketchat.faults.down()
    const { uuid } = world.rapidpro.addContact()
    expectEnvelope(await register(uuid), 503, 'unavailable')
    await world.rocketchat.faults.up()
    await until('the client is registered', async () => (await register(uuid)).status === 200)
    expect((await sessionOf(world, uuid)).state).toBe('assigned')
  })

  it('keeps what a client says while it is down: 202, and delivered later', async () => {
    const { uuid, rid } = await registerSomebody(world)
    await world.rocketchat.faults.down()
    expectEnvelope(await within(() => world.call('POST', TO_AGENT, saying(uuid, 'first'))), 202, 'queued')
    expectEnvelope(await within(() => world.call('POST', TO_AGENT, saying(uuid, 'second'))), 202, 'queued')
    expect((await sessionOf(world, uuid)).waiting.to_agent).toBe(2)
    await world.rocketchat.faults.up()
    const said = () =>
      world.rocketchat.state.index.messagesByRoom.get(rid)?.filter(({ token }) => token === uuid) ?? []
    await until('both are delivered', () => said().length === 2)
    expect(said().map(({ msg }) => msg)).toEqual(['first', 'second'])
  })

  it('says 200 to a second message that only waited for a slow first', async () => {
    const { uuid } = await registerSomebody(world)
    world.rocketchat.faults.add({ kind: 'slow', ms: 700, route: '/api/v1/livechat/message', times: 1 })
    const texts = ['first', 'second', 'third']
    const answers = await Promise.all(texts.map(text => world.call('POST', TO_AGENT, saying(uuid, text))))
    for (const answer of answers) expectEnvelope(answer, 200, 'success')
  })

  async function expectNothingKept(uuid: string): Promise<void> {
    await expectNoSession(world, uuid)
    expect(world.rocketchat.openRoomOf(uuid)).toBeUndefined()
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'x')), 404, 'no-session')
  }

  async function within(ask: () => Promise<Answer>): Promise<Answer> {
    const started = performance.now()
    const answer = await ask()
    expect(performance.now() - started).toBeLessThan(WITHIN_MS)
    return answer
  }
})

describe('a vendor that says no', () => {
  it('is 502, and the message waits no longer', async () => {
    const world = await startWorld()
    try {
      world.rocketchat.settings.Livechat_enable_message_character_limit = true
      world.rocketchat.settings.Livechat_message_character_limit = 1
      const { uuid } = await registerSomebody(world)
      expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'much too long')), 502, 'unavailable')
      expect((await sessionOf(world, uuid)).waiting).toEqual({ to_agent: 0, to_client: 0 })
    } finally {
      await world.stop()
    }
  })

  it('is 409 when the desk has closed the conversation unheard', async () => {
    const world = await startWorld({
      rocketchat: { settings: { API_Enable_Rate_Limiter: false, Livechat_webhook_on_close: false } },
    })
    try {
      const { uuid, rid } = await registerSomebody(world)
      await world.rocketchat.close(rid)
      expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'hello?')), 409, 'session-closed')
      expect((await sessionOf(world, uuid)).state).toBe('ended')
    } finally {
      await world.stop()
    }
  })
})

it('says 202 when the desk only paces, and opens by itself', async () => {
  const world = await startWorld()
  try {
    world.rocketchat.faults.add({ kind: 'too-many-requests', resetMs: 12_000, route: VISITOR, times: 1 })
    const { uuid } = world.rapidpro.addContact()
    const answers = await Promise.all([1, 2].map(() => world.call('POST', REGISTER, registration(uuid))))
    for (const answer of answers) expectEnvelope(answer, 202, 'queued')
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'one')), 202, 'queued')
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'two')), 202, 'queued')
    expect(await sessionOf(world, uuid)).toMatchObject({ state: 'opening', conversation: null, agent: null })
    const room = await until('the room is open', () => world.rocketchat.openRoomOf(uuid))
    await until('nothing waits', async () => (await sessionOf(world, uuid)).waiting.to_agent === 0)
    const said = world.rocketchat.state.index.messagesByRoom
      .get(room._id)
      ?.filter(({ token }) => token === uuid)
    expect(said?.map(({ msg }) => msg)).toEqual(['one', 'two'])
  } finally {
    await world.stop()
  }
})
