import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MediatorProcess } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import { startWorld, type World } from '../support/world.ts'
import { agentGets, send, sendInto, waitingForAgent } from './failure-kit.ts'
import { handOver } from './rocketchat-conversation.ts'

/** Well below the 15 s for which a turn is held. */
const AT_ONCE_MS = 5_000

describe('two replicas on one Redis', () => {
  let world: World
  let first: MediatorProcess
  let second: MediatorProcess
  beforeEach(async () => {
    world = await startWorld({ store: 'redis' })
    first = world.mediator
    second = await world.addReplica()
    // From here on the world is looked at through the one that stays.
    world.mediator = second
  })
  afterEach(() => Promise.all([world?.stop(), first?.stop('SIGKILL')]))

  it('serve the same session', async () => {
    const conversation = await handOver(world)
    for (const [n, { url }] of [first, second, first, second].entries())
      expect(await send(world, conversation, `text ${n}`, url)).toMatchObject({ status: 200 })
    expect(await agentGets(world, conversation, 4)).toEqual(['text 0', 'text 1', 'text 2', 'text 3'])
  })

  it('take over from each other when one is killed', async () => {
    const conversation = await handOver(world)
    await sendInto(world, conversation, { kind: 'stall' }, 'in flight', first.url)
    const behind = send(world, conversation, 'behind', second.url)
    await waitingForAgent(world, conversation, 2)
    await first.stop('SIGKILL')
    expect(await agentGets(world, conversation, 2)).toEqual(['in flight', 'behind'])
    expect([200, 202]).toContain((await behind).status)
  })

  it('do not repeat or disorder anything when one sleeps through its turn and wakes up', async () => {
    const conversation = await handOver(world)
    await sendInto(world, conversation, { kind: 'stall' }, 'one', first.url)
    process.kill(first.pid, 'SIGSTOP')
    const two = send(world, conversation, 'two', second.url)
    expect(await agentGets(world, conversation, 2)).toEqual(['one', 'two'])
    process.kill(first.pid, 'SIGCONT')
    await until('it notices', () => first.text().includes('another replica has taken this mailbox over'))
    await two
    expect(await send(world, conversation, 'three', first.url)).toMatchObject({ status: 200 })
    expect(await agentGets(world, conversation, 3)).toEqual(['one', 'two', 'three'])
  })

  it('do not repeat what the desk takes late from one that has slept', async () => {
    const conversation = await handOver(world)
    await sendInto(world, conversation, { kind: 'slow', ms: 20_000 }, 'one', first.url)
    process.kill(first.pid, 'SIGSTOP')
    const two = send(world, conversation, 'two', second.url)
    expect(await agentGets(world, conversation, 2)).toEqual(['one', 'two'])
    const late = () => world.rocketchat.state.requests.filter(isMessage).length
    await until('the late call is answered', () => late() > 2)
    process.kill(first.pid, 'SIGCONT')
    await two
    expect(await agentGets(world, conversation, 2)).toEqual(['one', 'two'])
  })

  it('give back what one has not begun when it stops, after finishing what it has', async () => {
    const conversation = await handOver(world)
    const { answer } = await sendInto(world, conversation, { kind: 'slow', ms: 1500 }, 'in flight', first.url)
    const behind = send(world, conversation, 'behind', second.url)
    await waitingForAgent(world, conversation, 2)
    expect(await first.stop('SIGTERM')).toBe(0)
    const stopped = performance.now()
    expect(await answer).toMatchObject({ status: 200 })
    expect(await agentGets(world, conversation, 2)).toEqual(['in flight', 'behind'])
    expect(performance.now() - stopped).toBeLessThan(AT_ONCE_MS)
    expect(await behind).toMatchObject({ status: 200 })
  })
})

function isMessage({ path, method, status }: { path: string; method: string; status?: number }): boolean {
  return method === 'POST' && path.includes('livechat/message') && status !== undefined
}
