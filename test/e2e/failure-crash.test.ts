import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { agentGets, agentReads, BOT_SENDS, send, sendInto, waitingForAgent } from './failure-kit.ts'
import { allQuiet, clientReads, handOver } from './rocketchat-conversation.ts'

/** SIGKILL, and a new process on the same store. */
describe.each(STORES)('a mediator that is killed, on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  it('loses neither what it was delivering nor what waited behind, and repeats nothing', async () => {
    const conversation = await handOver(world)
    await send(world, conversation, 'before')
    const { answer } = await sendInto(world, conversation, { kind: 'stall' }, 'in flight')
    const behind = send(world, conversation, 'behind')
    await waitingForAgent(world, conversation, 2)
    await world.restart('SIGKILL')
    expect(await Promise.all([answer, behind])).toMatchObject([{ status: 0 }, { status: 0 }])
    await send(world, conversation, 'after')
    expect(await agentGets(world, conversation, 4)).toEqual(['before', 'in flight', 'behind', 'after'])
  })

  it('does not repeat what the desk had stored without saying so', async () => {
    const conversation = await handOver(world)
    await sendInto(world, conversation, { kind: 'reset-after' }, 'stored')
    await until('the desk has it', () => agentReads(world, conversation).length === 1)
    await world.restart('SIGKILL')
    const repeated = await send(world, conversation, 'stored')
    expect([200, 202]).toContain(repeated.status)
    await send(world, conversation, 'next')
    expect(await agentGets(world, conversation, 2)).toEqual(['stored', 'next'])
  })

  it('loses nothing of what it was passing on to the client', async () => {
    const conversation = await handOver(world)
    const { rocketchat, rapidpro } = world
    const id = rapidpro.faults.add({ kind: 'stall', route: BOT_SENDS, method: 'POST', times: 1 })
    const saying = rocketchat.say(conversation.room._id, 'one')
    await until('the bot is called', () => rapidpro.faults.list().find(one => one.id === id)?.fired)
    await world.restart('SIGKILL')
    await saying
    await until('it has come', () => clientReads(world, conversation).length > 0, 60_000)
    await allQuiet(world, conversation)
    expect(clientReads(world, conversation)).toEqual(['one'])
  })
})
