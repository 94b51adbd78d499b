import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  agentSaying,
  callsSeen,
  endPath,
  expectEnvelope,
  expectNoSession,
  REGISTER,
  registerSomebody,
  registration,
  saying,
  sessionOf,
  sessionPath,
  TO_AGENT,
  TO_CLIENT,
} from '../http/asks.ts'
import { until } from '../support/until.ts'
import { type Answer, startWorld, type World } from '../support/world.ts'

/** Well inside what a bot or a desk waits. */
const SOON_MS = 5_000

function asks(stranger: string, known: string): [method: string, path: string, body?: unknown][] {
  return [
    ['POST', REGISTER, registration(stranger)],
    ['POST', TO_AGENT, saying(known, 'lost?')],
    ['POST', TO_CLIENT, agentSaying(known, 'lost?')],
    ['DELETE', endPath(known)],
    ['GET', sessionPath(known)],
    ['GET', '/live-agents/dead-letters'],
    ['POST', `/live-agents/dead-letters/${'x'.repeat(18)}.a.y/replay`],
  ]
}

async function expectUnavailableSoon(ask: () => Promise<Answer>): Promise<void> {
  const started = performance.now()
  expectEnvelope(await ask(), 503, 'unavailable')
  expect(performance.now() - started).toBeLessThan(SOON_MS)
}

async function untilReady(world: World, status: 200 | 503): Promise<void> {
  const ready = () => world.call('GET', '/health/ready')
  await until(`/health/ready is ${status}`, async () => (await ready()).status === status)
}

describe('a Redis that was killed', () => {
  let world: World
  let known: { uuid: string; rid: string }
  const stranger = randomUUID()

  beforeAll(async () => {
    world = await startWorld({ store: 'redis' })
    known = await registerSomebody(world)
    await world.redis?.kill()
    await untilReady(world, 503)
  })
  afterAll(() => world?.stop())

  it('is 503 to everybody, at once, and nobody is called', async () => {
    const before = callsSeen(world)
    for (const ask of asks(stranger, known.uuid)) await expectUnavailableSoon(() => world.call(...ask))
    expect(callsSeen(world)).toBe(before)
  })

  it('makes the process not ready, but alive, and its pages go on', async () => {
    const ready = await world.call('GET', '/health/ready')
    expect(ready).toMatchObject({ status: 503, body: { status: 'not-ready', reason: expect.any(String) } })
    const pages = [
      '/health/live',
      '/metrics',
      '/openapi.json',
      '/live-agents/project/x/country/gt/day-status',
    ]
    for (const path of pages) expect([path, (await world.call('GET', path)).status]).toEqual([path, 200])
  })

  it('is used again when it is back, by the same process, and holds nothing of what was refused', async () => {
    const { pid } = world.mediator
    await world.redis?.restart()
    await untilReady(world, 200)
    expect(await sessionOf(world, known.uuid)).toMatchObject({ state: 'assigned', conversation: known.rid })
    await expectNoSession(world, stranger)
    expectEnvelope(await world.call('POST', TO_AGENT, saying(known.uuid, 'kept')), 200, 'success')
    await world.rocketchat.say(known.rid, 'kept as well')
    expect((await world.rapidpro.nextMessageTo(known.uuid)).text).toBe('kept as well')
    await registerSomebody(world)
    expect(world.mediator.pid).toBe(pid)
    const about = (text: string) => world.mediator.log.filter(({ msg }) => msg === text)
    await until('the log says that it is well', () => about('the store works again').length > 0)
    expect(about('the store fails')).toHaveLength(1)
    expect(about('the store works again')).toHaveLength(1)
    expect(world.mediator.text()).not.toContain('the sweep')
    const words = [...world.rocketchat.state.messages.values()].map(({ msg }) => msg)
    expect(words).not.toContain('lost?')
    expect(world.rapidpro.messagesTo(known.uuid).map(({ text }) => text)).toEqual(['kept as well'])
  })
})

describe('a Redis that hangs', () => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store: 'redis' })
  })
  afterAll(() => world?.stop())

  it('is 503 while it hangs, and used again afterwards, by the same process', async () => {
    const { uuid, rid } = await registerSomebody(world)
    world.redis?.pause()
    await untilReady(world, 503)
    await expectUnavailableSoon(() => world.call('POST', TO_AGENT, saying(uuid, 'who knows')))
    await expectUnavailableSoon(() => world.call('GET', sessionPath(uuid)))
    expect((await world.call('GET', '/health/live')).status).toBe(200)
    world.redis?.resume()
    await untilReady(world, 200)
    expect(await sessionOf(world, uuid)).toMatchObject({ state: 'assigned', conversation: rid })
    expectEnvelope(await world.call('POST', TO_AGENT, saying(uuid, 'kept')), 200, 'success')
  })
})
