import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { agentReads, askForAgent, type Conversation, showSession } from './rocketchat-conversation.ts'

/** A minute of the server's limiter, and some more. */
const PATIENCE_MS = 150_000

describe('under the limits of an untouched server', () => {
  const worlds = new Map<string, World>()
  beforeAll(async () => {
    const rocketchat = { profile: '8.8', settings: { API_Enable_Rate_Limiter: true } } as const
    const start = async (store: (typeof STORES)[number]) =>
      worlds.set(store, await startWorld({ store, rocketchat, desk: 'rate_limits = "default"' }))
    await Promise.all(STORES.map(start))
  })
  afterAll(() => Promise.all([...worlds.values()].map(world => world.stop())))

  it.concurrent.each(STORES)(
    'opens five rooms a minute on %s, the rest by itself, without ever being refused',
    async store => {
      const world = worlds.get(store) as World
      // The first call is counted late, so the server's minute ends later than ours.
      world.rocketchat.faults.add({ kind: 'slow', ms: 700, route: '/api/v1/livechat/visitor', times: 1 })
      const asked = []
      for (let i = 0; i < 7; i++) asked.push(await askForAgent(world))
      expect(asked.map(({ flow }) => flow.registration.status)).toEqual([200, 200, 200, 200, 200, 202, 202])
      const late = asked.slice(5)
      for (const { flow } of late) {
        expect(flow.registration).toMatchObject({ webhook: { status: 'queued' } })
        expect(await flow.clientSays('first')).toMatchObject({ status: 202 })
        expect(await flow.clientSays('second')).toMatchObject({ status: 202 })
      }
      for (const { contact } of late) {
        const opened = async () => (await showSession(world, contact.uuid)).state === 'assigned'
        await until('the paced room is open', opened, PATIENCE_MS)
        const room = world.rocketchat.openRoomOf(contact.uuid) as Conversation['room']
        await until('its texts are there', () => agentReads(world, { room }).length === 2, PATIENCE_MS)
        expect(agentReads(world, { room })).toEqual(['first', 'second'])
      }
      const { requests } = world.rocketchat.state
      expect(requests.filter(({ status }) => status === 429)).toEqual([])
      expect(world.rocketchat.state.rooms.size).toBe(7)
    },
    PATIENCE_MS,
  )
})
