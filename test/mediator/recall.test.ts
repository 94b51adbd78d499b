import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import { receiveFromAgent } from '../../src/mediator/receive-from-agent.ts'
import type { Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { agentSaid, handOverOne, type OneClient, ROOM, UUID } from './one-client.ts'
import { TEXTS } from './replica.ts'
import { type Depot, startDepot } from './stores.ts'

const log = pino({ level: 'silent' })

let depot: Depot
let { store, outside, replica } = {} as OneClient
let now: number

beforeAll(async () => {
  depot = await startDepot('sqlite')
})
afterAll(() => depot.stop())
beforeEach(async () => {
  now = Date.now()
  ;({ store, outside, replica } = await handOverOne(depot, { now: () => now }))
  return () => store.close()
})

const reads = () => outside.phones.get(UUID) ?? []

const said = (id: string, text: string, at = now) => agentSaid(id, text, at)

const closed = (at = now): AgentEvent => ({
  type: 'closed',
  conversation: ROOM,
  reason: 'agent',
  id: 'end',
  at,
})

/** Told at `at`, by the desk's clock. */
const history = (all: AgentEvent[], at = now): AgentEvent => ({
  type: 'history',
  conversation: ROOM,
  said: all,
  at,
})

async function settled(): Promise<void> {
  await until('all is delivered', async () => (await store.findByClient(UUID))?.waiting.to_client === 0)
}

describe('what a desk tells once more', () => {
  test('brings what never came, in order, before the end that follows it; and nothing twice', async () => {
    await replica.hear(said('m2', 'two'))
    const all = history([said('m1', 'one'), said('m2', 'two'), said('m3', 'three')])
    for (const event of [all, closed(), all, closed(), said('m3', 'three')]) await replica.hear(event)
    await settled()
    expect(reads()).toEqual(['two', 'one', 'three'])
    expect(outside.handedBack).toHaveLength(1)
  })

  test('is also heard after the end it came with', async () => {
    now += 60_000
    await replica.hear(closed())
    await replica.hear(history([said('m1', 'last words', now - 1)]))
    await until('they are read', () => reads().length === 1)
    expect(reads()).toEqual(['last words'])
  })

  test.each([0, 50_000])(
    'is owed after the bot has ended it, by a clock that is %s ms ahead',
    async ahead => {
      now += 10_000
      await replica.end(UUID)
      const all = [said('m1', 'before', now - 1 + ahead), said('m2', 'after', now + 60_000 + ahead)]
      now += 100_000
      await replica.hear(history(all, now + ahead))
      await until('they are read', () => reads().length > 0)
      await settled()
      expect(reads()).toEqual(['before'])
    },
  )

  test('changes nothing, and says nothing of who serves the client', async () => {
    const before = (await store.findByClient(UUID))?.session
    await replica.hear(history([said('m1', 'one')]))
    await settled()
    expect((await store.findByClient(UUID))?.session).toEqual(before)
  })

  test.each([
    ['right', 0],
    ['ahead', 50_000],
  ])('is none of an earlier session’s, with a desk’s clock that is %s', async (_, ahead) => {
    const opened = now
    now += 30_000
    const desk = (ours: number) => ours + ahead
    const all = [said('m1', 'before', desk(opened - 1_000)), said('m2', 'since', desk(opened + 1_000))]
    await replica.hear(history(all, desk(now)))
    await settled()
    expect(reads()).toEqual(['since'])
  })

  test('is none of an earlier session’s, however late it is told', async () => {
    const opened = now
    now += 60_000
    const all = [said('m1', 'before', opened - 1_000), said('m2', 'since', opened + 1_000)]
    await replica.hear(history(all, opened + 2_000))
    await settled()
    expect(reads()).toEqual(['since'])
  })

  test('is none of another client’s, in a conversation whose id is used again', async () => {
    await replica.end(UUID)
    await replica.register('client-2')
    const again = (await store.findByClient('client-2'))?.session.conversation?.id
    const all = [{ ...said('m1', 'words to the first'), conversation: again ?? '' }]
    const told = { ...history(all), conversation: again ?? '', client: UUID }
    expect(await replica.hear(told)).toMatchObject({ word: 'ignored' })
    await replica.hear({ ...told, client: 'the desk’s own name of client-2' })
    await until('it is delivered', () => (outside.phones.get('client-2') ?? []).length > 0)
    expect(outside.phones.get('client-2')).toEqual(['words to the first'])
    expect(reads()).toEqual([])
  })

  test('is left out where it has no id or no time, or is of another conversation', async () => {
    const { id: _, ...nameless } = said('m1', 'no id')
    const { at: __, ...timeless } = said('m2', 'no time')
    const elsewhere = { ...said('m3', 'of others'), conversation: 'room2' }
    await replica.hear(history([nameless, timeless, elsewhere]))
    await settled()
    expect(reads()).toEqual([])
  })

  test('is heard when nobody says at what time it is told', async () => {
    const { at: _, ...whenever } = history([said('m1', 'one')])
    await replica.hear(whenever)
    await settled()
    expect(reads()).toEqual(['one'])
  })

  test('of a conversation we do not know reaches nobody', async () => {
    const strange = { ...history([said('m1', 'one')]), conversation: 'room2', client: UUID }
    expect(await replica.hear(strange)).toMatchObject({ word: 'ignored' })
    await settled()
    expect(reads()).toEqual([])
  })

  test('is told again when its conversation is just being bound', async () => {
    const kit = { pipeline: replica.pipeline, clock: { now: () => now }, texts: TEXTS, log }
    const opening = { session: { state: 'opening' }, waiting: {} } as Awaited<
      ReturnType<Store['findByClient']>
    >
    const binding = { ...store, findByConversation: async () => undefined, findByClient: async () => opening }
    const told = { ...history([said('m1', 'one')]), client: UUID }
    const heard = receiveFromAgent({ ...kit, store: binding }, 'desk', told)
    await expect(heard).rejects.toMatchObject({ code: 'STILL_OPENING' })
  })

  test('is refused while the store is away, so that it is told again', async () => {
    const away = { ...store, unheard: () => Promise.reject(new MediatorError('STORE_UNAVAILABLE', 'away')) }
    const { pipeline } = replica
    const kit = {
      pipeline,
      store: away,
      clock: { now: () => now },
      texts: TEXTS,
      log,
    }
    const heard = receiveFromAgent(kit, 'desk', history([said('m1', 'one')]))
    await expect(heard).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  })
})
