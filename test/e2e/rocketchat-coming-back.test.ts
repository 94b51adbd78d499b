import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { send } from './failure-kit.ts'
import { type Conversation, handOver, showSession, visitorMessages } from './rocketchat-conversation.ts'

const CLOSE = '/api/v1/livechat/room.close'

describe.each(STORES)(
  'a client who comes back while their last conversation is being closed, on %s',
  store => {
    let world: World
    beforeAll(async () => {
      const settings = { API_Enable_Rate_Limiter: false, webhookRetryMs: 50 }
      world = await startWorld({ store, rocketchat: { settings } })
    })
    afterEach(() => world.rocketchat.faults.clear())
    afterAll(() => world?.stop())

    const register = ({ contact }: Conversation) =>
      world.call('POST', '/live-agents/registerClient', {
        contact: { uuid: contact.uuid },
        department: 'Support',
      })

    /** Begins to end it; resolves when the desk has the call in hand. */
    async function leave({ contact }: Conversation) {
      const { faults } = world.rocketchat
      const id = faults.add({ kind: 'slow', ms: 400, route: CLOSE, method: 'POST', times: 1 })
      const left = world.call('DELETE', `/live-agents/session/user/${contact.uuid}`)
      await until('the desk is told', () => faults.list().find(one => one.id === id)?.fired)
      return { left }
    }

    it('has a new one, out of which nobody throws them', async () => {
      const conversation = await handOver(world)
      const { room, contact } = conversation
      const { left } = await leave(conversation)
      expect(await register(conversation)).toMatchObject({ status: 200 })
      const { conversation: present } = await showSession(world, contact.uuid)
      expect(present).not.toBe(room._id)
      expect(await left).toMatchObject({ status: 200 })
      expect(room.closedAt).toBeDefined()
      await world.rocketchat.webhooksSettled()
      expect(await send(world, conversation, 'here I am')).toMatchObject({ status: 200 })
      expect(await showSession(world, contact.uuid)).toMatchObject({ conversation: present, ended: null })
      const words = visitorMessages(world, world.rocketchat.state.rooms.get(present ?? '') as typeof room)
      expect(words.map(({ msg }) => msg)).toEqual(['here I am'])
    })

    it('goes on in it where the desk does not close it', async () => {
      const conversation = await handOver(world)
      const { room, contact } = conversation
      world.rocketchat.faults.add({ kind: 'server-error', route: CLOSE })
      const left = await world.call('DELETE', `/live-agents/session/user/${contact.uuid}`)
      expect(left).toMatchObject({ status: 202 })
      expect(await register(conversation)).toMatchObject({ status: 200 })
      expect((await showSession(world, contact.uuid)).conversation).toBe(room._id)
      world.rocketchat.faults.clear()
      expect(await send(world, conversation, 'still here')).toMatchObject({ status: 200 })
      expect(visitorMessages(world, room).map(({ msg }) => msg)).toEqual(['still here'])
      expect(room.open).toBe(true)
    })
  },
)
