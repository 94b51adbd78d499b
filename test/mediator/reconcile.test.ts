import pino from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Conversing, Desk, Standing } from '../../src/desks/desk.ts'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import { MediatorError } from '../../src/domain/errors.ts'
import { UNDO_AFTER_MS } from '../../src/domain/mailbox.ts'
import { reconcile } from '../../src/mediator/reconcile.ts'
import { textsSchema } from '../../src/mediator/texts.ts'
import { until } from '../support/until.ts'
import { agentSaid, handOverOne, type OneClient, ROOM, UUID } from './one-client.ts'
import { type Depot, startDepot } from './stores.ts'

const texts = textsSchema.parse({ queued: 'you wait', joined: '{agent} is here', ended: 'it is over' })

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

const session = async () => (await store.findByClient(UUID))?.session
const reads = () => outside.phones.get(UUID) ?? []

/** One look, at which the desk says this; resolves when everything is delivered. */
async function look(lookUp: () => Promise<Standing>): Promise<void> {
  const known = await session()
  if (!known) throw new Error('there is no session')
  const desk = { ...replica.sides.desk('desk'), lookUp } as Desk
  const sides = { ...replica.sides, desk: () => desk }
  const log = pino({ level: 'silent' })
  const { pipeline } = replica
  await reconcile({ pipeline, sides, log, texts, store }, known, now)
  await until('it is delivered', async () => {
    const { to_client } = (await store.findByClient(UUID))?.waiting ?? { to_client: 0 }
    return to_client === 0
  })
}

const says = (standing: Standing) => look(async () => standing)

const said = (id: string, text: string, at = now) => agentSaid(id, text, at)

const closed: AgentEvent = { type: 'closed', conversation: ROOM, reason: 'agent', id: `closed:${ROOM}` }

describe('words that never came', () => {
  test('are delivered once, in order, and not again when they come after all', async () => {
    await replica.hear(said('m1', 'one'))
    const all = [said('m1', 'one'), said('m2', 'two'), said('m3', 'three')]
    await says({ state: 'assigned', agent: 'Ana', said: all })
    await says({ state: 'assigned', agent: 'Ana', said: all })
    for (const event of all) await replica.hear(event)
    expect(reads()).toEqual(['one', 'two', 'three'])
  })

  test('say nothing of who has the conversation now', async () => {
    await says({ state: 'queued', said: [said('m1', 'one')] })
    expect(await session()).toMatchObject({ state: 'queued' })
    expect(reads()).toEqual(['one'])
  })

  test('of another conversation reach nobody', async () => {
    await says({ state: 'queued', said: [{ ...said('m1', 'one'), conversation: 'room2' }] })
    expect(reads()).toEqual([])
  })

  test('before the end come before it', async () => {
    await says({ state: 'closed', said: [said('m1', 'one'), closed] })
    expect(reads()).toEqual(['one', 'it is over'])
    expect(await session()).toMatchObject({ state: 'ended', ending: { reason: 'agent' } })
    expect(outside.handedBack).toHaveLength(1)
  })
})

describe('an end that was never told', () => {
  test.each([
    ['as the desk tells it', async (): Promise<Standing> => ({ state: 'closed', said: [closed] }), 'agent'],
    ['as no more than an end', async (): Promise<Standing> => ({ state: 'closed' }), 'gone'],
    [
      'as a conversation nobody knows',
      () => Promise.reject(new MediatorError('CONVERSATION_GONE', 'x')),
      'gone',
    ],
  ] as const)('%s: handed back once, whatever comes later', async (_, lookUp, reason) => {
    await look(lookUp)
    await look(lookUp)
    await replica.hear({ ...closed, at: now })
    await replica.hear(said('late', 'last words', now - 1))
    await until('the last words are read', () => reads().includes('last words'))
    expect(reads()).toEqual(['it is over', 'last words'])
    expect(await session()).toMatchObject({ state: 'ended', ending: { reason } })
    expect(outside.handedBack).toMatchObject([{ client: UUID, reason }])
  })
})

describe('a state that differs', () => {
  test('is mended, and the client told if there is a text for it', async () => {
    await says({ state: 'assigned', agent: 'Ana' })
    expect(await session()).toMatchObject({ state: 'assigned', agent: 'Ana' })
    await says({ state: 'assigned', agent: 'Ana' })
    await says({ state: 'queued' })
    expect(await session()).toMatchObject({ state: 'queued' })
    expect(reads()).toEqual(['Ana is here', 'you wait'])
  })

  test('is mended without a word where the event itself has told', async () => {
    const taken: AgentEvent = { type: 'assigned', conversation: ROOM, agent: 'Ana', id: 'taken' }
    await says({ state: 'assigned', agent: 'Ana', said: [taken] })
    await replica.hear({ type: 'queued', conversation: ROOM })
    await says({ state: 'assigned', agent: 'Ana', said: [taken] })
    expect(await session()).toMatchObject({ state: 'assigned' })
    expect(reads()).toEqual(['Ana is here'])
  })

  test('only in the agent’s name is nothing to tell', async () => {
    await says({ state: 'assigned', agent: 'ana' })
    await says({ state: 'assigned', agent: 'Ana' })
    expect(await session()).toMatchObject({ agent: 'Ana' })
    expect(reads()).toEqual(['ana is here'])
  })

  test('is left alone where something has happened meanwhile', async () => {
    await look(async () => {
      await replica.hear({ type: 'assigned', conversation: ROOM, agent: 'Ana' })
      return { state: 'queued' }
    })
    expect(await session()).toMatchObject({ state: 'assigned', agent: 'Ana' })
  })
})

describe('nothing is changed', () => {
  test.each([
    'THROTTLED',
    'UNREACHABLE',
    'TIMEOUT',
    'MISCONFIGURED',
    'UNEXPECTED',
    'REJECTED',
    'STORE_UNAVAILABLE',
  ] as const)('by a look that ends with %s', async code => {
    const before = await session()
    await look(() => Promise.reject(new MediatorError(code, 'not now')))
    await look(() => Promise.reject(new TypeError('a mistake of ours')))
    expect(await session()).toEqual(before)
    expect([reads(), outside.handedBack]).toEqual([[], []])
  })

  test('where the desk cannot be asked, or the session is over', async () => {
    const before = await session()
    await look(undefined as never)
    expect(await session()).toEqual(before)
    await replica.end(UUID)
    let asked = 0
    await look(async () => {
      asked += 1
      return { state: 'queued' }
    })
    expect(asked).toBe(0)
  })
})

test('a store that is away while it is passed on is told', async () => {
  const known = await session()
  const away = { ...store, findById: () => Promise.reject(new MediatorError('STORE_UNAVAILABLE', 'away')) }
  const desk = { ...replica.sides.desk('desk'), lookUp: async () => ({ state: 'queued' as const }) }
  const sides = { ...replica.sides, desk: () => desk }
  const log = pino({ level: 'silent' })
  const { pipeline } = replica
  const kit = { pipeline, sides, log, texts, store: away }
  await expect(reconcile(kit, known as Conversing, now)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
})

describe('an agent who writes in a conversation that is over', () => {
  const closings = () => outside.calls.filter(({ action }) => action === 'close')

  test('long after its end: it is closed there once more', async () => {
    await replica.end(UUID)
    expect(closings()).toHaveLength(1)
    now += 9_000
    await replica.hear(said('m1', 'hello?', now))
    expect(await dueClosings()).toBe(0)
    now += 1_000
    const answers = [
      await replica.hear(said('m2', 'are you there?')),
      await replica.hear(said('m3', 'hello?')),
    ]
    expect(answers.map(({ word }) => word)).toEqual(['ignored', 'ignored'])
    expect(await dueClosings()).toBe(1)
    now += UNDO_AFTER_MS
    await replica.sweep.once()
    await until('it is closed again', () => closings().length === 2)
  })

  test('but not the desk’s own machinery, nor in a conversation that was never ours', async () => {
    await replica.end(UUID)
    now += 60_000
    await replica.hear({ ...said('m1', 'nobody has answered'), automatic: true } as AgentEvent)
    await replica.hear({ ...said('m2', 'hello'), conversation: 'room99', client: UUID })
    await replica.hear({ type: 'assigned', conversation: ROOM, agent: 'Ana' })
    expect(await dueClosings()).toBe(0)
  })

  async function dueClosings(): Promise<number> {
    const due = await store.due(now + UNDO_AFTER_MS, 100)
    return due.filter(({ kind }) => kind === 'mailbox').length
  }
})
