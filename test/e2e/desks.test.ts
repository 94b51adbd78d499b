import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exceptions } from '../../conformance/exceptions.ts'
import { deskDefinitions } from '../../src/desks/registry.ts'
import { until } from '../support/until.ts'
import { STORES } from '../support/world.ts'
import { agentRead, type Caller, clientRead, type DeskWorld, handOver, startDeskWorld } from './desk-world.ts'

/** The service as it is run, with each desk there is; all at once, since most of it is waiting. */
const HELLO = 'good morning 😀\n& “so”'

const worlds = deskDefinitions.flatMap(({ type }) => STORES.map(store => ({ type, store })))

for (const { type, store } of worlds)
  describe.concurrent(type, () => {
    describe(`on ${store}`, { concurrent: false }, () => {
      let world: DeskWorld
      beforeAll(async () => {
        world = await startDeskWorld([type], store)
      })
      afterAll(() => world?.stop())

      it('carries a conversation both ways, and hands the client back', async () => {
        const caller = await handOver(world)
        expect(await caller.says(HELLO)).toBe(200)
        await world.stage.agent.say(caller.person, `you said: ${HELLO}`)
        await until('the client has the answer', () => caller.reads().length > 0)
        expect(agentRead(world, caller)).toEqual([HELLO])
        expect(caller.reads()).toEqual([`you said: ${HELLO}`])
        await world.stage.agent.close(caller.person)
        await until('the client is handed back', () => caller.endings() === 1)
        expect(await caller.says('too late')).toBe(409)
      })

      it('loses nothing when it is killed while the desk is away', async () => {
        const caller = await handOver(world)
        await caller.says('one')
        await world.stage.power?.down()
        expect(await caller.says('two')).toBe(202)
        expect(await caller.says('three')).toBe(202)
        await world.restart('SIGKILL')
        await world.stage.power?.up()
        expect([200, 202]).toContain(await caller.says('four'))
        await until('the agent has all', () => agentRead(world, caller).length >= 4, 90_000)
        await world.stage.agent.say(caller.person, 'I have all four')
        await clientRead(caller, ['I have all four'])
        expect(agentRead(world, caller)).toEqual(['one', 'two', 'three', 'four'])
      })
    })
  })

const linked = deskDefinitions
  .map(({ type }) => type)
  .filter(type => exceptions[type]?.['link-taken-over'] === undefined)

/** Desks that are read through a link, which one replica has at a time. */
describe.concurrent.each(linked)('%s on two replicas', type => {
  let world: DeskWorld
  let caller: Caller
  beforeAll(async () => {
    world = await startDeskWorld([type], 'redis')
    caller = await handOver(world)
  })
  afterAll(() => world?.stop())

  it('goes on when the one that reads it is killed, stopped, or sleeps; nothing is lost or comes twice', async () => {
    const heard: string[] = []
    const said: string[] = []
    const exchange = async (words: string): Promise<void> => {
      await world.stage.agent.say(caller.person, `agent: ${words}`)
      heard.push(`agent: ${words}`)
      expect([200, 202]).toContain(await caller.says(`client: ${words}`))
      said.push(`client: ${words}`)
    }
    await exchange('first')
    const killed = world.mediator
    world.moveTo(await world.addReplica())
    await exchange('through the one that does not read')
    await killed.stop('SIGKILL')
    await exchange('after a kill')
    await clientRead(caller, heard)
    const sleeper = world.mediator
    world.moveTo(await world.addReplica())
    process.kill(sleeper.pid, 'SIGSTOP')
    await exchange('while it sleeps')
    await clientRead(caller, heard)
    process.kill(sleeper.pid, 'SIGCONT')
    await exchange('after it has woken up')
    await clientRead(caller, heard)
    await sleeper.stop('SIGTERM')
    await exchange('after it was stopped')
    await clientRead(caller, heard)
    await until('the agent has all', () => agentRead(world, caller).length >= said.length, 90_000)
    expect(agentRead(world, caller)).toEqual(said)
    expect(caller.reads()).toEqual(heard)
  })
})
