import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_TOKEN } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'

describe.each(STORES)('a whole hand-over on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  it('registers, carries text both ways, and closes', async () => {
    const { rapidpro, rocketchat } = world
    const contact = rapidpro.addContact({ name: 'Ana', urn: 'tel:+50255550001' })
    const flow = await rapidpro.startRelayFlow({
      mediatorUrl: world.mediator.url,
      token: API_TOKEN,
      contact: contact.uuid,
      department: [...rocketchat.state.departments.values()][0]?.name ?? '',
    })
    expect(flow.registration).toMatchObject({ status: 200, result: { category: 'Success' } })
    const said = await flow.clientSays('hello there')
    expect(said).toMatchObject({ status: 200 })
    const room = await until('there is a room', () => rocketchat.openRoomOf(contact.uuid))
    await rocketchat.say(room._id, 'good morning :smile:')
    expect((await rapidpro.nextMessageTo(contact.uuid)).text).toBe('good morning 😄')
    await rocketchat.close(room._id, { comment: 'bye' })
    expect((await rapidpro.nextMessageTo(contact.uuid)).text).toBe('bye')
    const over = { state: 'ended', waiting: { to_agent: 0, to_client: 0 } }
    await until('the session has ended and nothing waits', async () => {
      const { body } = await world.call('GET', `/live-agents/sessions/${contact.uuid}`)
      const { state, waiting } = body.session as typeof over
      return isDeepStrictEqual({ state, waiting }, over)
    })
    const refused = await flow.clientSays('are you there?')
    expect(refused).toMatchObject({ status: 409, webhook: { status: 'session-closed' } })
  })
})
