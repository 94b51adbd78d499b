import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { STORES, startWorld, type World } from '../support/world.ts'
import { agentReads, allQuiet, type Conversation, clientReads, handOver } from './rocketchat-conversation.ts'

const SESSIONS = 20
const EACH_WAY = 12

describe.each(STORES)('many conversations at once on %s', store => {
  let world: World
  beforeAll(async () => {
    // 6.14 waits for each webhook, so that what agents write has an order.
    world = await startWorld({
      store,
      rocketchat: { profile: '6.14', settings: { API_Enable_Rate_Limiter: false, webhookRetryMs: 50 } },
    })
  })
  afterAll(() => world?.stop())

  it('keeps each in order both ways, loses nothing and repeats nothing', async () => {
    const conversations = await Promise.all(Array.from({ length: SESSIONS }, () => handOver(world)))
    await Promise.all(conversations.flatMap((one, i) => [clientTalks(one, i), agentTalks(world, one, i)]))
    for (const one of conversations) await allQuiet(world, one)
    for (const [i, one] of conversations.entries()) {
      expect(agentReads(world, one)).toEqual(lines('client', i))
      expect(clientReads(world, one)).toEqual(lines('agent', i))
    }
  })
})

function lines(who: string, session: number): string[] {
  return Array.from({ length: EACH_WAY }, (_, n) => `${who} of ${session}: ${n}`)
}

/** Types faster than the mediator answers: RapidPro keeps the order by itself. */
async function clientTalks({ flow }: Conversation, session: number): Promise<void> {
  const outcomes = await Promise.all(lines('client', session).map(text => flow.clientSays(text)))
  expect(outcomes.map(outcome => outcome?.status)).toEqual(Array(EACH_WAY).fill(200))
}

async function agentTalks({ rocketchat }: World, { room }: Conversation, session: number): Promise<void> {
  for (const text of lines('agent', session)) await rocketchat.say(room._id, text)
}
