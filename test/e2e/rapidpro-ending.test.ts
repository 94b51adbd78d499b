import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import {
  allQuiet,
  type Conversation,
  clientReads,
  ENDED_FLOW,
  ended,
  endings,
  handOver,
  STARTS_ENDED_FLOW,
} from './rocketchat-conversation.ts'

const PROFILES = ['7.4', '9', '26'] as const

describe.each(STORES)('on %s', store => {
  describe.each(PROFILES)('the ended flow of RapidPro %s', profile => {
    let world: World
    beforeAll(async () => {
      const { rapidpro, bot } = STARTS_ENDED_FLOW
      world = await startWorld({ store, rapidpro: { ...rapidpro, profile }, bot })
    })
    afterAll(() => world?.stop())

    it('takes the contact out of the loop, with reason, desk and agent', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world, { department: 'GTM_HIV_GENERAL' })
      await conversation.flow.clientSays('hello')
      await rocketchat.close(conversation.room._id, { comment: 'bye' })
      await ended(world, conversation)
      await until('the loop is left', () => !conversation.flow.isActive())
      expect(startsOf(world, conversation)).toMatchObject([
        {
          flow: ENDED_FLOW,
          restartParticipants: true,
          excludeActive: false,
          params: { reason: 'agent', desk: 'rocketchat', agent: 'Ana' },
        },
      ])
      expect(clientReads(world, conversation)).toEqual(['bye'])
    })

    it('comes after all that the agent has written', async () => {
      const { rocketchat, rapidpro } = world
      const conversation = await handOver(world)
      rapidpro.faults.add({ kind: 'server-error', route: '/api/v2/*s.json', method: 'POST', times: 1 })
      await rocketchat.say(conversation.room._id, 'first this')
      await rocketchat.webhooksSettled()
      await rocketchat.close(conversation.room._id, { comment: 'then that' })
      await ended(world, conversation)
      expect(clientReads(world, conversation)).toEqual(['first this', 'then that'])
      const done = rapidpro.state.requests.filter(({ status }) => status === 201)
      expect(done.at(-1)?.path).toContain('flow_starts')
      expect(endings(world, conversation)).toBe(1)
    })

    it('says that the room was gone, and that nobody was there any more to name', async () => {
      const { rocketchat } = world
      rocketchat.settings.Livechat_Routing_Method = 'Manual_Selection'
      const conversation = await handOver(world)
      rocketchat.settings.Livechat_Routing_Method = 'Auto_Selection'
      rocketchat.faults.add({ kind: 'drop', route: '*' })
      await rocketchat.close(conversation.room._id)
      rocketchat.faults.clear()
      expect(await conversation.flow.clientSays('hello?')).toMatchObject({ status: 409 })
      await ended(world, conversation)
      expect(startsOf(world, conversation)).toMatchObject([
        { params: { reason: 'gone', desk: 'rocketchat', agent: '' } },
      ])
    })

    it('is started again when RapidPro was away', async () => {
      const { rocketchat, rapidpro } = world
      const conversation = await handOver(world)
      rapidpro.faults.add({ kind: 'server-error', route: '/api/v2/flow_starts.json', times: 1 })
      await rocketchat.close(conversation.room._id)
      await ended(world, conversation)
      await allQuiet(world, conversation)
      expect(endings(world, conversation)).toBe(1)
    })
  })
})

function startsOf({ rapidpro }: World, { contact }: Conversation) {
  return rapidpro.flowStarts.filter(({ contacts }) => contacts.includes(contact))
}
