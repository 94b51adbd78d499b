import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CUT } from '../support/fake-sides.ts'
import { TEXTS } from './replica.ts'
import { type Stage, setStage } from './stage.ts'
import { type Depot, startDepot } from './stores.ts'

const MINUTE = 60_000

describe('what is told', () => {
  let depot: Depot
  let stage: Stage
  beforeAll(async () => {
    depot = await startDepot('sqlite')
  })
  afterAll(() => depot.stop())
  beforeEach(async () => {
    stage = await setStage(depot)
    await stage.answer(stage.first.register('ana'))
  })
  afterEach(() => stage.stop())

  const read = () => stage.outside.phones.get('ana') ?? []
  const said = () => stage.outside.openRoomOf('ana')?.said.map(({ text }) => text)
  const down = (...actions: string[]) => {
    stage.outside.decide = action => (actions.includes(action) ? 'down' : 'done')
  }
  const say = (text: string) => stage.answer(stage.first.say('ana', text))
  const hear = (text: string) =>
    stage.answer(
      stage.first.hear(stage.event('ana', { type: 'message', message: { text, attachments: [] } })),
    )

  it('of one delay is told once, whatever is written into it later, and again of the next', async () => {
    down('say')
    await say('one')
    await stage.clock.pass(5 * MINUTE)
    await say('two')
    await stage.clock.pass(5 * MINUTE)
    expect(read()).toEqual([TEXTS.client_delayed])
    down()
    await stage.clock.pass(8 * MINUTE)
    expect(said()).toEqual(['one', 'two'])
    expect(read()).toEqual([TEXTS.client_delayed])
    down('say')
    await say('three')
    await stage.clock.pass(MINUTE)
    expect(read()).toEqual([TEXTS.client_delayed, TEXTS.client_delayed])
  })

  it('is nothing where it comes after all before long', async () => {
    down('say', 'tell')
    await stage.answer(
      stage.first.hear(stage.event('ana', { type: 'message', message: { text: 'hi', attachments: [] } })),
    )
    stage.first.say('ana', 'hello').catch(() => undefined)
    await stage.clock.pass(3_000)
    down()
    await stage.clock.pass(MINUTE)
    expect({ said: said(), read: read() }).toEqual({ said: ['hello'], read: ['hi'] })
  })

  it('of a message in pieces is told as of one, delayed or refused', async () => {
    down('tell')
    await hear(['a', 'b', 'c'].join(CUT))
    await stage.clock.pass(MINUTE)
    expect(said()).toEqual([TEXTS.agent_delayed])
    stage.outside.decide = action => (action === 'tell' ? 'refused' : 'done')
    await stage.clock.pass(5 * MINUTE)
    expect(said()).toEqual([TEXTS.agent_delayed, TEXTS.agent_failed])
    expect(await stage.store.deadLetters({ limit: 9 })).toHaveLength(3)
  })

  it('reaches within 30 s who writes behind words of ours that have been stuck for long', async () => {
    down('say', 'tell')
    await say('hi')
    await stage.clock.pass(20 * MINUTE)
    down('tell')
    await stage.clock.pass(16 * MINUTE)
    expect(said()).toEqual(['hi'])
    await hear('hello')
    await stage.clock.pass(27_000)
    expect(said()).toEqual(['hi', TEXTS.agent_delayed])
  })

  it('never goes on by itself, whichever side comes and goes', async () => {
    down('say', 'tell')
    await say('hi')
    await hear('hello')
    for (let turns = 0; turns < 20; turns += 1) {
      down(turns % 2 ? 'say' : 'tell')
      await stage.clock.pass(MINUTE)
      down('say', 'tell')
      await stage.clock.pass(MINUTE)
    }
    down()
    await stage.clock.pass(16 * MINUTE)
    const notices = [...(said() ?? []), ...read()].filter(text => text !== 'hi' && text !== 'hello')
    expect(notices.length).toBeLessThanOrEqual(4)
    const waiting = (await stage.store.findByClient('ana'))?.waiting
    expect(waiting).toEqual({ to_agent: 0, to_client: 0 })
  })
})
