import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CUT } from '../support/fake-sides.ts'
import { STORES } from '../support/world.ts'
import { type MortalReplica, type Stage, setStage } from './stage.ts'
import { type Depot, OPTIONS, startDepot } from './stores.ts'

/** More than the longest of these deliveries takes: before and after each call of the store and of a side. */
const STEPS = Array.from({ length: 16 }, (_, n) => n + 1)

describe.each(STORES)('a process that is gone, on %s', kind => {
  let depot: Depot
  let stage: Stage
  beforeAll(async () => {
    depot = await startDepot(kind)
  })
  afterAll(() => depot.stop())
  beforeEach(async () => {
    stage = await setStage(depot)
  })
  afterEach(() => stage.stop())

  const said = () => stage.outside.openRoomOf('ana')?.said.map(({ text }) => text)
  const read = () => stage.outside.phones.get('ana') ?? []
  const message = (text: string) =>
    stage.event('ana', { type: 'message', id: text, message: { text, attachments: [] } })

  /** Lets a replica of its own do something and be gone at that step; true when it got so far. */
  async function dieAt(step: number, act: (replica: MortalReplica) => Promise<unknown>) {
    const replica = stage.addReplica()
    replica.mortal.dieIn(step)
    act(replica).catch(() => undefined)
    await stage.clock.rest()
    return replica.mortal.diedAt !== undefined
  }

  it.each(STEPS)('at step %i of a client’s text: it comes once, before the next', async step => {
    await stage.answer(stage.first.register('ana'))
    const died = await dieAt(step, replica => replica.say('ana', 'one', 'm1'))
    // The bot heard nothing, and says it again.
    if (died) await stage.answer(stage.first.say('ana', 'one', 'm1'))
    await stage.answer(stage.first.say('ana', 'two', 'm2'))
    await stage.clock.pass(OPTIONS.leaseMs)
    expect(said()).toEqual(['one', 'two'])
  })

  it.each(STEPS)(
    'at step %i of an agent’s text in pieces: all come in order, one at most twice',
    async step => {
      await stage.answer(stage.first.register('ana'))
      const event = message(['a', 'b', 'c'].join(CUT))
      const died = await dieAt(step, replica => replica.hear(event))
      if (died) await stage.answer(stage.first.hear(event))
      await stage.clock.pass(OPTIONS.leaseMs + 1000)
      expect([...new Set(read())]).toEqual(['a', 'b', 'c'])
      expect(read()).toEqual(read().toSorted())
      expect(read().length).toBeLessThanOrEqual(died ? 4 : 3)
    },
  )

  it.each(STEPS)('at step %i of an opening: one conversation is open, however it went', async step => {
    const died = await dieAt(step, replica => replica.register('ana'))
    await stage.clock.pass(OPTIONS.leaseMs + 1000)
    const answer = await stage.answer(stage.first.register('ana'))
    expect(answer).toMatchObject({ word: 'success' })
    expect(stage.outside.rooms.filter(room => room.isOpen)).toHaveLength(1)
    expect(died || stage.outside.calls.length === 1).toBe(true)
  })

  it.each(STEPS)('at step %i of the end: the client is handed back', async step => {
    await stage.answer(stage.first.register('ana'))
    const closed = stage.event('ana', { type: 'closed', reason: 'agent', id: 'end' })
    const died = await dieAt(step, replica => replica.hear(closed))
    if (died) await stage.answer(stage.first.hear(closed))
    await stage.clock.pass(OPTIONS.leaseMs + 1000)
    const starts = stage.outside.handedBack.length
    expect(starts).toBeGreaterThanOrEqual(1)
    expect(starts).toBeLessThanOrEqual(died ? 2 : 1)
  })

  it('for a while only, settles nothing when it comes back', async () => {
    await stage.answer(stage.first.register('ana'))
    const asleep = Promise.withResolvers<void>()
    const busy = Promise.withResolvers<void>()
    const sleeper = stage.addReplica()
    sleeper.mortal.pass = () => asleep.promise
    stage.first.mortal.pass = () => busy.promise
    const one = sleeper.say('ana', 'one')
    await stage.clock.rest()
    stage.clock.jump(OPTIONS.leaseMs)
    await stage.clock.pass(1000)
    asleep.resolve()
    await stage.clock.rest()
    expect(said()).toEqual(['one'])
    const waiting = async () => (await stage.store.findByClient('ana'))?.waiting.to_agent
    expect(await waiting()).toBe(1)
    busy.resolve()
    expect(await stage.answer(one)).toMatchObject({ word: 'queued' })
    expect(said()).toEqual(['one'])
    expect(await waiting()).toBe(0)
  })
})
