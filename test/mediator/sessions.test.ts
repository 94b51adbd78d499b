import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Fate, isCarriedOut } from '../support/fake-sides.ts'
import { STORES } from '../support/world.ts'
import { TEXTS } from './replica.ts'
import { type Stage, setStage } from './stage.ts'
import { type Depot, startDepot } from './stores.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

describe.each(STORES)('a session on %s', kind => {
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

  const openings = (fate: Fate) => {
    stage.outside.decide = action => (action === 'open' ? fate : 'done')
  }
  const register = () => stage.answer(stage.first.register('ana'))
  const say = (text: string) => stage.answer(stage.first.say('ana', text))
  const end = () => stage.answer(stage.first.end('ana'))
  const said = (room = 0) => stage.outside.rooms[room]?.said.map(({ text }) => text)
  const read = () => stage.outside.phones.get('ana') ?? []
  const state = async () => (await stage.store.findByClient('ana'))?.session.state
  const done = () => stage.outside.calls.filter(isCarriedOut).map(({ action }) => action)

  describe('opening', () => {
    it.each<Fate>(['down', 'refused', 'nobody'])('leaves nothing when the desk is %s', async fate => {
      openings(fate)
      expect(await register()).toMatchObject({ word: 'error', ms: 0 })
      expect(await state()).toBeUndefined()
      expect(await say('hi')).toMatchObject({ code: 'NO_SESSION' })
      await stage.clock.pass(MINUTE)
      expect(stage.outside.calls.filter(({ action }) => action === 'open')).toHaveLength(1)
    })

    it('closes at the desk what an opening that failed may have left there', async () => {
      openings('lost')
      expect(await register()).toMatchObject({ code: 'TIMEOUT' })
      await stage.clock.pass(MINUTE)
      expect(stage.outside.rooms).toMatchObject([{ isOpen: false }])
      expect(await state()).toBeUndefined()
    })

    it('is not taken over by words of the desk’s own machinery', async () => {
      await register()
      const message = { text: 'you are next', attachments: [] }
      const automatic = stage.event('ana', { type: 'message', message, automatic: true })
      await stage.answer(stage.first.hear(automatic))
      expect(read()).toHaveLength(1)
      expect(await state()).toBe('queued')
      await stage.answer(stage.first.hear(stage.event('ana', { type: 'message', message })))
      expect(await state()).toBe('assigned')
    })

    it('is promised when it only has to wait; texts wait behind it, in order', async () => {
      openings('throttled')
      expect(await register()).toEqual({ word: 'queued', ms: 0 })
      expect(await register()).toMatchObject({ word: 'queued' })
      expect(await say('one')).toEqual({ word: 'queued', ms: 0 })
      expect(await say('two')).toMatchObject({ word: 'queued' })
      openings('done')
      await stage.clock.pass(15_000)
      expect(said()).toEqual(['one', 'two'])
      expect(await register()).toMatchObject({ word: 'success' })
    })

    it('goes on through an outage once it is promised, and tells the client once', async () => {
      openings('throttled')
      await register()
      await say('hi')
      openings('down')
      await stage.clock.pass(2 * MINUTE)
      expect(read()).toEqual([TEXTS.client_delayed])
      openings('done')
      await stage.clock.pass(3 * MINUTE)
      expect(said()).toEqual(['hi'])
      expect(read()).toEqual([TEXTS.client_delayed])
    })

    it('that is promised and refused hands the client back, once, and tells what became of each text', async () => {
      openings('throttled')
      await register()
      await say('hi')
      openings('nobody')
      await stage.clock.pass(MINUTE)
      expect(stage.outside.handedBack).toMatchObject([{ client: 'ana', reason: 'no-agent' }])
      expect(read()).toEqual([TEXTS.client_failed])
      expect(await stage.store.deadLetters({ limit: 9 })).toHaveLength(1)
      expect(await say('hello?')).toMatchObject({ code: 'SESSION_CLOSED' })
    })

    it('asks the next desk when one is down, and none when one only needs time', async () => {
      const replica = stage.addReplica({ fallback: ['other'] })
      stage.outside.decide = (_, text) => (text === 'desk' ? 'down' : 'done')
      expect(await stage.answer(replica.register('ana'))).toMatchObject({ word: 'success' })
      expect((await stage.store.findByClient('ana'))?.session.desk).toBe('other')
      openings('throttled')
      expect(await stage.answer(replica.register('ben'))).toMatchObject({ word: 'queued' })
      expect(stage.outside.calls.at(-1)).toMatchObject({ text: 'desk', fate: 'throttled' })
    })

    it('is not called queued as long as it may still be dropped', async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const slow = stage.addReplica()
      slow.mortal.pass = () => promise
      openings('down')
      const answer = await stage.answer(slow.register('ana'))
      expect(answer).toMatchObject({ word: 'error', code: 'TIMEOUT', ms: 8700 })
      resolve()
      await stage.clock.rest()
      expect(await state()).toBeUndefined()
    })

    it('is kept when a text was accepted behind it', async () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      const slow = stage.addReplica()
      slow.mortal.pass = () => promise
      openings('down')
      const registration = slow.register('ana')
      registration.catch(() => undefined)
      await stage.clock.rest()
      const text = slow.say('ana', 'are you there?')
      await stage.clock.pass(MINUTE / 4)
      resolve()
      expect(await stage.answer(registration)).toMatchObject({ word: 'error' })
      expect(await stage.answer(text)).toMatchObject({ word: 'queued' })
      openings('done')
      await stage.clock.pass(MINUTE)
      expect(await state()).toBe('queued')
      expect(stage.outside.rooms[0]?.said).toHaveLength(1)
    })

    it('of a process that died before it answered is dropped, and what it left at the desk is closed', async () => {
      const doomed = stage.addReplica()
      doomed.mortal.dieIn(6)
      doomed.register('ana').catch(() => undefined)
      await stage.clock.rest()
      expect(stage.outside.rooms).toMatchObject([{ isOpen: true }])
      await stage.clock.pass(MINUTE)
      expect(await state()).toBeUndefined()
      expect(stage.outside.rooms.filter(room => room.isOpen)).toEqual([])
    })

    it('refuses a second client the conversation of the first', async () => {
      await register()
      const room = stage.outside.rooms[0]
      if (room) room.client = 'ben'
      const refused = await stage.answer(stage.first.register('ben'))
      expect(refused).toMatchObject({ code: 'REJECTED' })
      expect(await stage.store.findByClient('ben')).toBeUndefined()
      expect(await state()).toBe('queued')
    })
  })

  describe('ended by the bot', () => {
    it('still delivers what the agent said before, and nothing they say later', async () => {
      await register()
      const message = (text: string) => ({ text, attachments: [] })
      const early = stage.event('ana', { type: 'message', id: 'm1', message: message('before') })
      const room = early.conversation
      await stage.clock.pass(10)
      await end()
      await stage.clock.pass(10)
      const late = {
        ...early,
        id: 'm2',
        at: stage.clock.now(),
        message: message('after'),
        conversation: room,
      }
      await stage.answer(stage.first.hear(early))
      await stage.answer(stage.first.hear(late))
      expect(read()).toEqual(['before'])
    })

    it('closes at the desk after everything the client said, and starts nothing at the bot', async () => {
      await register()
      stage.outside.decide = action => (action === 'say' ? 'down' : 'done')
      await say('one')
      await say('two')
      expect(await end()).toMatchObject({ word: 'queued' })
      expect(await state()).toBe('ended')
      stage.outside.decide = () => 'done'
      await stage.clock.pass(MINUTE)
      expect(done()).toEqual(['open', 'tell', 'say', 'say', 'close'])
      expect(said()).toEqual(['one', 'two'])
      expect(read()).toEqual([TEXTS.client_delayed])
      expect(stage.outside.handedBack).toEqual([])
    })

    it('while it is opening: opens nothing any more, and undoes what may be open', async () => {
      stage.outside.decide = action => (action === 'open' ? 'throttled' : 'done')
      await register()
      expect(await end()).toMatchObject({ word: 'queued' })
      openings('done')
      await stage.clock.pass(MINUTE)
      expect(done()).toEqual(['close'])
      expect(await end()).toMatchObject({ word: 'success' })
    })

    it('leaves alone the conversation that serves the client who has come back', async () => {
      await register()
      stage.outside.decide = action => (action === 'close' ? 'down' : 'done')
      await end()
      expect(await register()).toMatchObject({ word: 'success' })
      stage.outside.decide = () => 'done'
      await stage.clock.pass(MINUTE)
      expect(stage.outside.rooms).toMatchObject([{ isOpen: true }])
      expect(await say('still here')).toMatchObject({ word: 'success' })
    })

    it('waits with the closing while the client is just coming back', async () => {
      await register()
      stage.outside.decide = action => (action === 'close' ? 'down' : 'done')
      await end()
      openings('throttled')
      expect(await register()).toMatchObject({ word: 'queued' })
      await stage.clock.pass(10_000)
      expect(stage.outside.rooms).toMatchObject([{ isOpen: true }])
      openings('done')
      await stage.clock.pass(2 * MINUTE)
      expect(await say('here again')).toMatchObject({ word: 'success' })
      expect(stage.outside.rooms).toMatchObject([{ isOpen: true }])
    })

    it('that is unknown is closed already', async () => {
      expect(await end()).toEqual({ word: 'success', ms: 0 })
    })
  })

  describe('ended by the desk', () => {
    const closed = (more = {}) => stage.event('ana', { type: 'closed', reason: 'agent', ...more })

    it('hands the client back once, however often the desk says so', async () => {
      await register()
      const event = closed({ id: 'c1' })
      const twins = [stage.first.hear(event), stage.addReplica().hear({ ...event, id: 'c2' })]
      const words = await Promise.all(twins.map(twin => stage.answer(twin)))
      expect(words.map(({ word }) => word).sort()).toEqual(['ignored', 'success'])
      expect(await stage.answer(stage.first.hear(event))).toMatchObject({ word: 'ignored' })
      expect(stage.outside.handedBack).toMatchObject([{ client: 'ana', reason: 'agent' }])
    })

    it('passes on first what was said first, and what was said before but comes late', async () => {
      await register()
      stage.outside.decide = action => (action === 'tell' ? 'down' : 'done')
      const said = { type: 'message' as const, message: { text: 'soon', attachments: [] } }
      const late = stage.event('ana', { ...said, message: { text: 'late', attachments: [] } })
      await stage.answer(stage.first.hear(stage.event('ana', said)))
      await stage.answer(stage.first.hear(closed()))
      expect(await stage.answer(stage.first.hear(late))).toMatchObject({ word: 'success' })
      stage.outside.decide = () => 'done'
      await stage.clock.pass(MINUTE)
      expect(done()).toEqual(['open', 'tell', 'hand-back', 'tell'])
      expect(read()).toEqual(['soon', 'late'])
    })

    it('is found out by the first text that finds nobody: refused, and handed back once', async () => {
      await register()
      for (const room of stage.outside.rooms) room.isOpen = false
      expect(await say('anybody?')).toMatchObject({ code: 'CONVERSATION_GONE' })
      expect(await say('hello?')).toMatchObject({ code: 'SESSION_CLOSED' })
      await stage.clock.pass(MINUTE)
      expect(stage.outside.handedBack).toMatchObject([{ client: 'ana', reason: 'gone' }])
      expect(await stage.store.deadLetters({ limit: 9 })).toHaveLength(1)
    })

    it('is answered "closed" for a day, and forgotten after three', async () => {
      await register()
      await stage.answer(stage.first.hear(closed()))
      stage.clock.jump(DAY - 1000)
      expect(await say('hi')).toMatchObject({ code: 'SESSION_CLOSED' })
      stage.clock.jump(2000)
      expect(await say('hi')).toMatchObject({ code: 'NO_SESSION' })
      await stage.clock.pass(1000)
      expect(await state()).toBe('ended')
      stage.clock.jump(2 * DAY)
      await stage.clock.pass(1000)
      expect(await state()).toBeUndefined()
    })
  })

  it('that idles is closed at the desk and handed back', async () => {
    await register()
    stage.clock.jump(7 * DAY - MINUTE)
    await say('hi')
    stage.clock.jump(7 * DAY - MINUTE)
    await stage.clock.pass(1000)
    expect(await state()).toBe('queued')
    await stage.clock.pass(MINUTE)
    expect(done()).toEqual(['open', 'say', 'close', 'hand-back'])
    expect(stage.outside.handedBack).toMatchObject([{ reason: 'expired' }])
    expect(await state()).toBe('ended')
  })
})
