import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Fate } from '../support/fake-sides.ts'
import { STORES } from '../support/world.ts'
import { TEXTS } from './replica.ts'
import { type Stage, setStage } from './stage.ts'
import { type Depot, startDepot } from './stores.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe.each(STORES)('delivery on %s', kind => {
  let depot: Depot
  let stage: Stage
  beforeAll(async () => {
    depot = await startDepot(kind)
  })
  afterAll(() => depot.stop())
  beforeEach(async () => {
    stage = await setStage(depot)
    await stage.answer(stage.first.register('ana'))
  })
  afterEach(() => stage.stop())

  const always = (fate: Fate) => {
    stage.outside.decide = action => (action === 'say' ? fate : 'done')
  }
  const said = () => stage.outside.openRoomOf('ana')?.said.map(({ text }) => text)
  const read = () => stage.outside.phones.get('ana') ?? []
  const tries = () => stage.outside.calls.filter(({ action }) => action === 'say')
  const seconds = () => tries().map(({ at }) => Math.round((at - (tries()[0]?.at ?? 0)) / 1000))

  it('answers at once when the desk has it', async () => {
    expect(await stage.answer(stage.first.say('ana', 'hi'))).toMatchObject({ word: 'success', ms: 0 })
    expect(said()).toEqual(['hi'])
  })

  it('tries again after 2, 5, 15, 30 and 60 s, and then ever more seldom', async () => {
    always('down')
    const answer = await stage.answer(stage.first.say('ana', 'hi'))
    expect(answer).toEqual({ word: 'queued', ms: 7000 })
    await stage.clock.pass(10 * MINUTE)
    expect(seconds()).toEqual([0, 2, 7, 22, 52, 112, 232, 472])
  })

  it('gives up after 24 hours, keeps a dead letter, and goes on with the next', async () => {
    always('down')
    await stage.answer(stage.first.say('ana', 'old'))
    for (let past = 0; past < 24 * HOUR; past += 16 * MINUTE) {
      stage.clock.jump(16 * MINUTE)
      await stage.clock.pass(1000)
      if (past === 23 * HOUR) expect(await stage.store.deadLetters({ limit: 9 })).toEqual([])
    }
    await stage.clock.pass(MINUTE)
    const [dead] = await stage.store.deadLetters({ limit: 9 })
    expect(dead).toMatchObject({ direction: 'to_agent', userid: 'ana', reason: 'it is down' })
    expect(dead?.attempts).toBeGreaterThan(90)
    expect(read()).toEqual([TEXTS.client_delayed, TEXTS.client_failed])
    always('done')
    await stage.answer(stage.first.say('ana', 'new'))
    expect(said()).toEqual(['new'])
  })

  it('comes back when it is told to, and does not count that as a failure', async () => {
    const fates: Fate[] = ['throttled', 'throttled', 'throttled', 'down', 'down']
    stage.outside.decide = action => (action === 'say' && fates.shift()) || 'done'
    expect(await stage.answer(stage.first.say('ana', 'hi'))).toEqual({ word: 'queued', ms: 0 })
    await stage.clock.pass(MINUTE)
    expect(seconds()).toEqual([0, 12, 24, 36, 38, 43])
    expect(said()).toEqual(['hi'])
  })

  it('tells the writer once of a delay, within 30 s', async () => {
    always('down')
    const from = stage.clock.now()
    await stage.answer(stage.first.say('ana', 'one'))
    await stage.answer(stage.first.say('ana', 'two'))
    await stage.clock.pass(30_000 - (stage.clock.now() - from))
    expect(read()).toEqual([TEXTS.client_delayed])
    await stage.clock.pass(2 * MINUTE)
    expect(read()).toEqual([TEXTS.client_delayed])
    always('done')
    await stage.clock.pass(2 * MINUTE)
    expect(said()).toEqual(['one', 'two'])
    expect(read()).toEqual([TEXTS.client_delayed])
  })

  it('tells the agent too, in the conversation', async () => {
    stage.outside.decide = action => (action === 'tell' ? 'down' : 'done')
    const message = { text: 'hello', attachments: [] }
    await stage.answer(stage.first.hear(stage.event('ana', { type: 'message', message })))
    await stage.clock.pass(30_000)
    expect(said()).toEqual([TEXTS.agent_delayed])
    stage.outside.decide = action => (action === 'tell' ? 'refused' : 'done')
    await stage.clock.pass(MINUTE)
    expect(said()).toEqual([TEXTS.agent_delayed, TEXTS.agent_failed])
  })

  it('tells who waits behind our own words', async () => {
    stage.outside.decide = action => (action === 'say' || action === 'tell' ? 'down' : 'done')
    await stage.answer(stage.first.say('ana', 'hi'))
    await stage.clock.pass(30_000)
    const message = { text: 'hello', attachments: [] }
    await stage.answer(stage.first.hear(stage.event('ana', { type: 'message', message })))
    await stage.clock.pass(MINUTE)
    stage.outside.decide = action => (action === 'tell' ? 'down' : 'done')
    await stage.clock.pass(MINUTE)
    expect(said()).toEqual(['hi', TEXTS.agent_delayed])
  })

  it('tells nobody of our own words', async () => {
    stage.outside.decide = action => (action === 'say' || action === 'tell' ? 'down' : 'done')
    await stage.answer(stage.first.say('ana', 'hi'))
    await stage.clock.pass(2 * MINUTE)
    const words = stage.outside.calls.filter(({ action }) => action === 'say').map(({ text }) => text)
    expect(new Set(words)).toEqual(new Set(['hi']))
    stage.outside.decide = action => (action === 'tell' ? 'refused' : 'done')
    await stage.clock.pass(2 * MINUTE)
    expect(said()).toEqual(['hi'])
    expect(await stage.store.deadLetters({ limit: 9 })).toEqual([])
  })

  it('tells the bot what is refused, keeps it, and goes on with the next', async () => {
    always('refused')
    const refused = await stage.answer(stage.first.say('ana', 'bad', 'm1'))
    expect(refused).toMatchObject({ word: 'error', code: 'REJECTED' })
    always('done')
    await stage.answer(stage.first.say('ana', 'good', 'm2'))
    expect(said()).toEqual(['good'])
    expect(read()).toEqual([])
    expect(await stage.store.deadLetters({ limit: 9 })).toMatchObject([{ reason: 'it said no', attempts: 1 }])
    const again = await stage.answer(stage.first.say('ana', 'bad', 'm1'))
    expect(again).toMatchObject({ word: 'error', code: 'REJECTED' })
    expect(said()).toEqual(['good'])
  })

  it('answers a repeat as it would the first, while that waits and after it', async () => {
    always('down')
    expect(await stage.answer(stage.first.say('ana', 'hi', 'm1'))).toMatchObject({ word: 'queued' })
    expect(await stage.answer(stage.first.say('ana', 'hi', 'm1'))).toMatchObject({ word: 'queued' })
    always('done')
    await stage.clock.pass(MINUTE)
    expect(await stage.answer(stage.first.say('ana', 'hi', 'm1'))).toEqual({ word: 'success', ms: 0 })
    expect(said()).toEqual(['hi'])
  })

  it('takes two texts without ids for two messages', async () => {
    await stage.answer(stage.first.say('ana', 'ok'))
    await stage.answer(stage.first.say('ana', 'ok'))
    expect(said()).toEqual(['ok', 'ok'])
  })

  it('sends what was lost on its way again with the same id', async () => {
    const fates: Fate[] = ['lost', 'lost', 'lost']
    stage.outside.decide = action => (action === 'say' && fates.shift()) || 'done'
    expect(await stage.answer(stage.first.say('ana', 'hi'))).toEqual({ word: 'queued', ms: 7000 })
    await stage.clock.pass(MINUTE)
    expect(new Set(tries().map(({ id }) => id)).size).toBe(1)
    expect(tries()).toHaveLength(4)
    expect(said()).toEqual(['hi'])
  })

  it('waits for what another is doing just now, instead of promising it for later', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const slow = stage.addReplica()
    slow.mortal.pass = () => promise
    const first = slow.say('ana', 'one')
    await stage.clock.rest()
    const second = stage.first.say('ana', 'two')
    await stage.clock.pass(1000)
    resolve()
    expect(await stage.answer(second)).toMatchObject({ word: 'success' })
    expect(await stage.answer(first)).toMatchObject({ word: 'success' })
    expect(said()).toEqual(['one', 'two'])
  })

  it('holds up nobody else with a mailbox that is stuck', async () => {
    await stage.answer(stage.first.register('ben'))
    stage.outside.decide = (action, text) => (action === 'say' && text === 'stuck' ? 'down' : 'done')
    await stage.answer(stage.first.say('ana', 'stuck'))
    expect(await stage.answer(stage.first.say('ben', 'hi'))).toEqual({ word: 'success', ms: 0 })
    await stage.clock.pass(500)
    const message = { text: 'hello', attachments: [] }
    expect(await stage.answer(stage.first.hear(stage.event('ana', { type: 'message', message })))).toEqual({
      word: 'success',
      ms: 0,
    })
    expect(read()).toEqual([TEXTS.client_delayed, 'hello'])
  })

  it('answers a desk as soon as it must wait for longer than 3 s', async () => {
    stage.outside.decide = action => (action === 'tell' ? 'down' : 'done')
    const message = { text: 'hello', attachments: [] }
    const answer = await stage.answer(stage.first.hear(stage.event('ana', { type: 'message', message })))
    expect(answer).toEqual({ word: 'success', ms: 2000 })
  })
})
