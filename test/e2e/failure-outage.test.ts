import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { agentGets, BOT_SENDS, send, waitingForAgent } from './failure-kit.ts'
import { agentSays, allQuiet, askForAgent, clientReads, handOver } from './rocketchat-conversation.ts'

const TOLD_WITHIN_MS = 30_000

describe.each(STORES)('an outage, on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  it('of the desk holds the client’s texts, and all come in order', async () => {
    const conversation = await handOver(world)
    await send(world, conversation, 'before')
    await world.rocketchat.faults.down()
    const first = send(world, conversation, 'first')
    await waitingForAgent(world, conversation, 1)
    const second = send(world, conversation, 'second')
    await waitingForAgent(world, conversation, 2)
    expect(await first).toMatchObject({ status: 202, body: { status_code: 202, status: 'queued' } })
    expect(await second).toMatchObject({ status: 202 })
    await world.rocketchat.faults.up()
    const third = send(world, conversation, 'third')
    expect(await agentGets(world, conversation, 4)).toEqual(['before', 'first', 'second', 'third'])
    await third
  })

  it('of the desk lets nobody be registered, and leaves nothing', async () => {
    await world.rocketchat.faults.down()
    const { contact, flow } = await askForAgent(world)
    await world.rocketchat.faults.up()
    expect(flow.registration).toMatchObject({ status: 503, webhook: { status: 'unavailable' } })
    expect((await world.call('GET', `/live-agents/sessions/${contact.uuid}`)).status).toBe(404)
  })

  it('of the bot is asked about at once by who starts anew, however far the next try is put off', async () => {
    const conversation = await handOver(world)
    const { faults } = world.rapidpro
    const limit = faults.add({ kind: 'too-many-requests', resetMs: 3_600_000, route: BOT_SENDS })
    await agentSays(world, conversation, 'waits')
    await until('it was refused', () => faults.list().find(({ id }) => id === limit)?.fired)
    await until('it is put off', () => world.mediator.log.some(({ code }) => code === 'THROTTLED'))
    faults.remove(limit)
    await world.restart()
    await until('it has come', () => clientReads(world, conversation).length === 1)
    expect(clientReads(world, conversation)).toEqual(['waits'])
  })

  it('of the bot holds the agent’s words, and all come in order', async () => {
    const conversation = await handOver(world)
    const { faults } = world.rapidpro
    await faults.down()
    for (const text of ['first', 'second']) await agentSays(world, conversation, text)
    await faults.up()
    await until('both have come', () => clientReads(world, conversation).length === 2)
    expect(clientReads(world, conversation)).toEqual(['first', 'second'])
  })
})

describe('an outage', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world?.stop())

  it('that is over lets come at once what has waited, however far its next try is put off', async () => {
    const waiting = await Promise.all(Array.from({ length: 9 }, () => handOver(world)))
    await world.rocketchat.faults.down()
    await Promise.all(waiting.map(conversation => send(world, conversation, 'waits')))
    const reason = expect.stringMatching(/\d times in a row/)
    await until('it has failed for a while', () =>
      world.mediator.log.some(line => expect.objectContaining({ reason }).asymmetricMatch(line)),
    )
    await world.rocketchat.faults.up()
    await Promise.all(waiting.map(conversation => agentGets(world, conversation, 1)))
    const msg = 'what waits for it is tried now'
    const line = expect.objectContaining({ account: 'rocketchat', msg })
    await until('it is said in the log', () => world.mediator.log.some(one => line.asymmetricMatch(one)))
  })
})

describe.each(STORES)('what cannot be delivered, on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  it('is listed, and delivered once however often it is replayed', async () => {
    const conversation = await handOver(world)
    const { contact } = conversation
    world.rapidpro.blockContact(contact.uuid)
    await agentSays(world, conversation, 'can you hear me?')
    const letters = await until('there is a dead letter', async () => {
      const { body } = await world.call('GET', '/live-agents/dead-letters')
      const found = body.dead_letters as { id: string }[]
      return found.length > 0 ? found : undefined
    })
    expect(letters).toMatchObject([{ direction: 'to_client', desk: 'rocketchat', userid: contact.uuid }])
    expect(JSON.stringify(letters)).not.toContain('hear')
    contact.status = 'active'
    const path = `/live-agents/dead-letters/${letters[0]?.id}/replay`
    expect(await world.call('POST', path)).toMatchObject({ status: 200 })
    expect(await world.call('POST', path)).toMatchObject({ status: 200 })
    await until('it has come', () => clientReads(world, conversation).length > 0)
    await allQuiet(world, conversation)
    expect(clientReads(world, conversation)).toEqual(['can you hear me?'])
    expect((await world.call('GET', '/live-agents/dead-letters')).body.dead_letters).toEqual([])
  })
})

describe('a text that does not get through', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world?.stop())

  it('is told of within 30 s to who wrote it', async () => {
    const conversation = await handOver(world)
    await world.rocketchat.faults.down()
    const written = performance.now()
    const sent = send(world, conversation, 'hello?')
    const words = await until('the client is told', () => clientReads(world, conversation)[0])
    expect(performance.now() - written).toBeLessThan(TOLD_WITHIN_MS)
    expect(words).toMatch(/not reached our agent yet/)
    expect((await sent).status).toBe(202)
  })
})
