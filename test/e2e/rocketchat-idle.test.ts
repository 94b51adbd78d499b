import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { clientReads, ended, endings, handOver, STARTS_ENDED_FLOW } from './rocketchat-conversation.ts'

describe.each(STORES)('on %s', store => {
  describe.each(['4.4', '6.14', '8.8'] as const)('a conversation nobody uses, at Rocket.Chat %s', profile => {
    let world: World
    beforeAll(async () => {
      const settings = { API_Enable_Rate_Limiter: false, webhookRetryMs: 50 }
      const env = { SESSION_TTL: '2s' }
      world = await startWorld({ store, rocketchat: { profile, settings }, ...STARTS_ENDED_FLOW, env })
    })
    afterAll(() => world?.stop())

    it('is closed there, and the client handed back once, without a word', async () => {
      const conversation = await handOver(world)
      await until('the room is closed', () => conversation.room.closedAt)
      await ended(world, conversation)
      await until('the loop is left', () => !conversation.flow.isActive())
      expect(endings(world, conversation)).toBe(1)
      expect(clientReads(world, conversation)).toEqual([])
    })
  })
})
