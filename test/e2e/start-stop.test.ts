import { connect } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { expectEnvelope, registerSomebody, saying, sessionOf, TO_AGENT } from '../http/asks.ts'
import { inFolder } from '../http/own-process.ts'
import { startMediator } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'

const MESSAGE = '/api/v1/livechat/message'
const WITHIN_MS = 25_000

/** What the desk has of the client's words, in order. */
function saidBy({ rocketchat }: World, uuid: string, rid: string): string[] {
  const messages = rocketchat.state.index.messagesByRoom.get(rid) ?? []
  return messages.filter(({ token }) => token === uuid).map(({ msg }) => msg)
}

function messageCalls({ rocketchat }: World): number {
  return rocketchat.state.requests.filter(({ path }) => path.startsWith(MESSAGE)).length
}

describe.each(STORES)('an orderly end, on %s', store => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s finishes the delivery under way and answers for it',
    async signal => {
      const world = await startWorld({ store })
      try {
        const { uuid, rid } = await registerSomebody(world)
        world.rocketchat.faults.add({ kind: 'slow', ms: 1_500, route: MESSAGE, times: 1 })
        const answer = world.call('POST', TO_AGENT, saying(uuid, 'under way'))
        await until('it is under way', () => messageCalls(world) > 0)
        const started = performance.now()
        expect(await world.mediator.stop(signal)).toBe(0)
        expect(performance.now() - started).toBeLessThan(WITHIN_MS)
        expectEnvelope(await answer, 200, 'success')
        expect(saidBy(world, uuid, rid)).toEqual(['under way'])
        await expect(fetch(world.mediator.url)).rejects.toThrow()
        await world.restart()
        expect((await sessionOf(world, uuid)).waiting).toEqual({ to_agent: 0, to_client: 0 })
        expect(saidBy(world, uuid, rid)).toEqual(['under way'])
      } finally {
        await world.stop()
      }
    },
  )

  it('breaks off what hangs, and the next start delivers it', async () => {
    const world = await startWorld({ store })
    try {
      const { uuid, rid } = await registerSomebody(world)
      world.rocketchat.faults.add({ kind: 'stall', route: MESSAGE })
      const answers = ['one', 'two'].map(text => world.call('POST', TO_AGENT, saying(uuid, text)))
      await until('one hangs', () => messageCalls(world) > 0)
      const started = performance.now()
      expect(await world.mediator.stop()).toBe(0)
      expect(performance.now() - started).toBeLessThan(WITHIN_MS)
      for (const answer of await Promise.all(answers)) expectEnvelope(answer, 202, 'queued')
      world.rocketchat.faults.clear()
      await world.restart()
      await until('both are delivered', () => saidBy(world, uuid, rid).length === 2)
      expect(saidBy(world, uuid, rid).sort()).toEqual(['one', 'two'])
    } finally {
      await world.stop()
    }
  })
})

describe('where it listens', () => {
  it('is HOST and PORT, and nowhere else', async () => {
    await inFolder({}, async dir => {
      const mediator = await startMediator({ configDir: dir, dataDir: join(dir, 'data') })
      try {
        expect(mediator.log.find(({ msg }) => msg === 'ready')).toMatchObject({ address: mediator.url })
        expect((await fetch(`${mediator.url}/health/live`)).status).toBe(200)
        expect(await canConnect('127.0.0.2', Number(new URL(mediator.url).port))).toBe(false)
      } finally {
        await mediator.stop()
      }
    })
  })

  it('asks for no token with API_AUTH=off, and warns of it', async () => {
    await inFolder({}, async dir => {
      const env = { API_AUTH: 'off', API_TOKENS: '' }
      const mediator = await startMediator({ configDir: dir, dataDir: join(dir, 'data'), env })
      try {
        expect((await fetch(`${mediator.url}/live-agents/dead-letters`)).status).toBe(200)
        expect(mediator.log.filter(({ level }) => level === 40).map(({ msg }) => msg)).toContainEqual(
          expect.stringContaining('API_AUTH=off'),
        )
      } finally {
        await mediator.stop()
      }
    })
  })
})

function canConnect(host: string, port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host, port, timeout: 2_000 }, () => resolve(true))
  socket.on('error', () => resolve(false))
  socket.on('timeout', () => resolve(false))
  return promise.finally(() => socket.destroy())
}
