import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STORES, startWorld, type World } from '../support/world.ts'
import { agentReads, allQuiet, type Conversation, handOver } from './rocketchat-conversation.ts'

/** Each of these says something else about a message that is there already. */
const RELEASES = ['4.4', '6.4', '8.8'] as const

describe.each(STORES)('on %s', store => {
  describe.each(RELEASES)('a message whose answer was lost, at Rocket.Chat %s', profile => {
    let world: World
    beforeAll(async () => {
      const settings = { API_Enable_Rate_Limiter: false, webhookRetryMs: 50 }
      world = await startWorld({ store, rocketchat: { profile, settings } })
    })
    afterAll(() => world?.stop())

    it.each(['reset-after', 'half-json'] as const)('is there once, and the flow told so: %s', async kind => {
      const people = await Promise.all(Array.from({ length: 4 }, () => handOver(world)))
      const { faults } = world.rocketchat
      faults.add({ kind, route: '/api/v1/livechat/message', times: people.length })
      const outcomes = await Promise.all(people.map(({ flow }) => flow.clientSays('one')))
      expect(outcomes.map(outcome => outcome?.status)).toEqual(people.map(() => 200))
      expect(faults.list()).toMatchObject([{ fired: people.length }])
      faults.clear()
      await Promise.all(people.map(person => saysTwo(world, person)))
    })
  })
})

async function saysTwo(world: World, person: Conversation): Promise<void> {
  expect(await person.flow.clientSays('two')).toMatchObject({ status: 200 })
  await allQuiet(world, person)
  expect(agentReads(world, person)).toEqual(['one', 'two'])
}
