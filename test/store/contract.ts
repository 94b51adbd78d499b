import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeAccept, describeEnding } from './contract/accept.ts'
import { describeConsequences, describeDeadLetters } from './contract/consequences.ts'
import { describeLinks } from './contract/links.ts'
import { describeLiveSessions } from './contract/live.ts'
import { describeOpened } from './contract/opened.ts'
import { describeReadings } from './contract/readings.ts'
import { describeRegister } from './contract/register.ts'
import { describeRetry, describeSettle } from './contract/settle.ts'
import { describeTalk } from './contract/talk.ts'
import { describeDue, describeFinding, describeForget, describeTurns } from './contract/turns.ts'
import { describeErasure, describeLeftovers, describeLooks, describeTally } from './contract/upkeep.ts'
import {
  acceptWork,
  OPTIONS,
  type OpenedStore,
  open as openSession,
  removed,
  type Subject,
  say,
  settle,
  T0,
  toAgent,
} from './fixtures.ts'
import { describeLives } from './properties.ts'

/** What every store must do, whatever it keeps its data in. `open` gives an empty one, set up with OPTIONS. */
export function describeStore(name: string, open: () => Promise<OpenedStore>, lives = 60): void {
  describe(name, () => {
    let opened: OpenedStore
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.cleanup())
    const on: Subject = {
      get store() {
        return opened.store
      },
    }
    describe('register', () => describeRegister(on))
    describe('accept', () => describeAccept(on))
    describe('the end', () => describeEnding(on))
    describe('settle', () => describeSettle(on))
    describe('settle: retry', () => describeRetry(on))
    describe('settle: opened', () => describeOpened(on))
    describe('settle: consequences', () => describeConsequences(on))
    describe('dead letters', () => describeDeadLetters(on))
    describe('turns', () => describeTurns(on))
    describe('due', () => describeDue(on))
    describe('forget', () => describeForget(on))
    describe('finding', () => describeFinding(on))
    describe('leftovers', () => describeLeftovers(on))
    describe('looks', () => describeLooks(on))
    describe('tally', () => describeTally(on))
    describe('erasure', () => describeErasure(on))
    describe('links', () => describeLinks(on, () => opened))
    describe('live sessions', () => describeLiveSessions(on, () => opened))
    describe('readings', () => describeReadings(on, () => opened))
    describe('talk', () => describeTalk(on))
    describe('any life', () => describeLives(open, lives))
    describe('staying power', () => describeStayingPower(on, () => opened))
  })
}

function describeStayingPower(on: Subject, opened: () => OpenedStore): void {
  it('says that it works', async () => {
    await expect(on.store.check()).resolves.toBeUndefined()
  })

  it('is unavailable after it is closed, and may be closed twice', async () => {
    await on.store.close()
    await on.store.close()
    const unavailable = { code: 'STORE_UNAVAILABLE' }
    await expect(on.store.check()).rejects.toMatchObject(unavailable)
    await expect(on.store.findById('none')).rejects.toMatchObject(unavailable)
    await expect(on.store.accept(toAgent('ana', 'm'), T0)).rejects.toMatchObject(unavailable)
    await expect(on.store.takeLink('chat/line', 'one', 1, T0)).rejects.toMatchObject(unavailable)
    await expect(on.store.liveSessions('desk')).rejects.toMatchObject(unavailable)
  })

  it('has everything it answered for after a crash', async () => {
    const session = await openSession(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm1'))
    await settle(on.store, first, removed)
    const held = await acceptWork(on.store, toAgent('ana', 'm2'))
    const revived = await opened().crash()
    expect(await revived.findByClient('ana')).toEqual({ session, waiting: { to_agent: 1, to_client: 0 } })
    expect(await revived.accept(toAgent('ana', 'm1'), T0)).toMatchObject({
      outcome: 'repeat',
      fate: 'settled',
    })
    const again = await revived.claim(session.id, 'to_agent', T0 + OPTIONS.leaseMs)
    expect(again).toMatchObject({ head: say('m2'), turn: { fence: held.turn.fence + 1 } })
    expect(await settle(revived, held, removed)).toEqual({ outcome: 'fenced' })
  })
}
