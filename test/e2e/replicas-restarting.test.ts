import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MediatorProcess } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'
import { agentGets, type Conversation, handOver, send, sendInto } from './failure-kit.ts'

describe('what goes on under load', () => {
  let world: World
  beforeEach(async () => {
    world = await startWorld({ store: 'redis' })
  })
  afterEach(() => world?.stop())

  it('loses, repeats and disorders nothing while every replica is replaced', async () => {
    const old = world.mediator
    const replicas = [old, await world.addReplica()]
    const conversation = await handOver(world)
    const texts = Array.from({ length: 40 }, (_, n) => `text ${n}`)
    const load = sendAll(world, conversation, texts, () => replicas)
    for (const leaving of [...replicas]) {
      const fresh = await world.addReplica()
      world.mediator = fresh
      replicas.push(fresh)
      replicas.splice(replicas.indexOf(leaving), 1)
      expect(await leaving.stop('SIGTERM')).toBe(0)
    }
    await load
    expect(await agentGets(world, conversation, texts.length)).toEqual(texts)
  })

  it('loses and repeats nothing when Redis restarts in the middle', async () => {
    const conversation = await handOver(world)
    await send(world, conversation, 'before')
    const { answer } = await sendInto(world, conversation, { kind: 'slow', ms: 1000 }, 'in flight')
    await world.redis?.restart()
    await answer
    await sendAll(world, conversation, ['after'], () => [world.mediator])
    expect(await agentGets(world, conversation, 3)).toEqual(['before', 'in flight', 'after'])
  })

  it('promises nothing while Redis is away', async () => {
    const conversation = await handOver(world)
    await world.redis?.kill()
    const refused = await send(world, conversation, 'hello?')
    expect(refused).toMatchObject({ status: 503, body: { status: 'unavailable' } })
    expect((await world.call('GET', '/health/ready')).status).toBe(503)
    await world.redis?.restart()
    await until('it is ready', async () => (await world.call('GET', '/health/ready')).status === 200)
    expect(await send(world, conversation, 'hello?')).toMatchObject({ status: 200 })
    expect(await agentGets(world, conversation, 1)).toEqual(['hello?'])
  })
})

/** One after the other, to whichever replica is in service; what gets no 2xx is sent again with the same id, as bots do. */
async function sendAll(
  world: World,
  conversation: Conversation,
  texts: string[],
  inService: () => MediatorProcess[],
): Promise<void> {
  for (const [n, text] of texts.entries())
    await until(`"${text}" is taken`, async () => {
      const replicas = inService()
      const { status } = await send(world, conversation, text, replicas[n % replicas.length]?.url)
      return status === 200 || status === 202
    })
}
