import { expect, it } from 'vitest'
import type { Outcome, Work } from '../../../src/store/store.ts'
import { countWaiting } from '../../support/count-waiting.ts'
import {
  acceptWork,
  drain,
  fromDesk,
  notice,
  OPTIONS,
  open,
  removed,
  retry,
  type Subject,
  say,
  settle,
  T0,
  toAgent,
  workOf,
} from '../fixtures.ts'

export function describeSettle(on: Subject): void {
  it('gives the next in line under the same turn, with the lease prolonged', async () => {
    const session = await open(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm1'))
    await on.store.accept(toAgent('ana', 'm2'), T0)
    await on.store.accept(fromDesk('room', 'e', { entries: [], change: { agent: 'Ixchel' } }), T0)
    const settlement = await settle(on.store, first, removed, T0 + 1000)
    const next = { ...first, session: { ...session, agent: 'Ixchel' }, head: say('m2') }
    expect(settlement).toEqual({ outcome: 'settled', next })
    expect(await on.store.due(T0 + 1000 + OPTIONS.leaseMs - 1, 10)).toEqual([])
    expect(await on.store.due(T0 + 1000 + OPTIONS.leaseMs, 10)).toHaveLength(1)
    expect(await settle(on.store, workOf(settlement), removed, T0 + 2000)).toEqual({ outcome: 'settled' })
    expect(await on.store.due(T0 + 2000 + OPTIONS.leaseMs, 10)).toEqual([])
  })

  it('changes nothing when repeated, and answers the same', async () => {
    await open(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm1'))
    await on.store.accept(toAgent('ana', 'm2'), T0)
    const settlement = await settle(on.store, first, removed)
    expect(await settle(on.store, first, removed)).toEqual(settlement)
    expect(await settle(on.store, first, { kind: 'removed', dead: 'no', tell: notice('n') })).toEqual(
      settlement,
    )
    expect(await countWaiting(on.store)).toEqual({ to_agent: 1, to_client: 0 })
    expect(await on.store.deadLetters({ limit: 10 })).toEqual([])
    const last = workOf(settlement)
    for (const _ of [1, 2]) expect(await settle(on.store, last, removed)).toEqual({ outcome: 'settled' })
  })

  it('lets nobody settle whose turn was taken over', async () => {
    const session = await open(on.store, 'ana', 'room')
    const slow = await acceptWork(on.store, toAgent('ana', 'm'))
    const now = T0 + OPTIONS.leaseMs
    const fast = (await on.store.claim(session.id, 'to_agent', now)) as Work
    const turn = { ...slow.turn, fence: slow.turn.fence + 1 }
    expect(fast).toEqual({ ...slow, turn, attempts: { count: 1, told: false } })
    const outcomes: Outcome[] = [removed, retry(now), { kind: 'expanded', into: [] }]
    for (const outcome of outcomes) {
      expect(await settle(on.store, slow, outcome, now)).toEqual({ outcome: 'fenced' })
    }
    expect(await on.store.fateOf(session.id, 'to_agent', 'm')).toBe('waiting')
    expect(await settle(on.store, fast, removed, now)).toEqual({ outcome: 'settled' })
    expect(await settle(on.store, slow, removed, now)).toEqual({ outcome: 'fenced' })
  })

  it('still takes the word of a worker whose lease ran out while nobody took over', async () => {
    await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, toAgent('ana', 'm'))
    expect(await settle(on.store, work, removed, T0 + 9 * OPTIONS.leaseMs)).toEqual({ outcome: 'settled' })
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
  })

  it('expands the head into parts that go before everything behind it', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, fromDesk('room', 'm'))
    await on.store.accept(fromDesk('room', 'z'), T0)
    const into = ['m.1', 'm.2', 'm.3'].map(say)
    const settlement = await settle(on.store, work, { kind: 'expanded', into }, T0 + 1)
    expect(settlement).toEqual({ outcome: 'settled', next: { ...work, head: into[0] } })
    expect(await settle(on.store, work, { kind: 'expanded', into }, T0 + 1)).toEqual(settlement)
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 4 })
    await on.store.accept(fromDesk('room', 'a'), T0)
    const order = ['m.1', 'm.2', 'm.3', 'z', 'a']
    expect(await drain(on.store, session.id, 'to_client', T0 + 1 + OPTIONS.leaseMs)).toEqual(order)
  })

  it('waits for an entry as long as any part of it waits', async () => {
    const session = await open(on.store, 'ana', 'room')
    const isWaiting = async (id: string) => (await on.store.fateOf(session.id, 'to_client', id)) === 'waiting'
    const work = await acceptWork(on.store, fromDesk('room', 'm'))
    expect(await isWaiting('m')).toBe(true)
    expect(await on.store.fateOf(session.id, 'to_agent', 'm')).toBe('settled')
    const parts = await settle(on.store, work, { kind: 'expanded', into: [say('m.1'), say('m.2')] })
    const last = workOf(await settle(on.store, workOf(parts), removed))
    expect([await isWaiting('m'), await isWaiting('m.1'), await isWaiting('m.2')]).toEqual([
      true,
      false,
      true,
    ])
    expect([await isWaiting(''), await isWaiting('m#'), await isWaiting('n')]).toEqual([false, false, false])
    expect(await on.store.accept(fromDesk('room', 'm'), T0)).toMatchObject({ fate: 'waiting' })
    await settle(on.store, last, removed)
    expect(await isWaiting('m')).toBe(false)
    await on.store.accept(fromDesk('room', 'mm.1'), T0)
    expect(await isWaiting('m')).toBe(false)
  })
}

export function describeRetry(on: Subject): void {
  it('is due at its time and counts the failed attempts until the mailbox moves on', async () => {
    const session = await open(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm1'))
    await on.store.accept(toAgent('ana', 'm2'), T0)
    for (const _ of [1, 2])
      expect(await settle(on.store, first, retry(T0 + 50))).toEqual({ outcome: 'settled' })
    expect(await on.store.claim(session.id, 'to_agent', T0 + 49)).toBeUndefined()
    const second = (await on.store.claim(session.id, 'to_agent', T0 + 50)) as Work
    expect(second).toMatchObject({ head: say('m1'), attempts: { count: 1, told: false }, turn: { fence: 3 } })
    await settle(on.store, second, retry(T0 + 60, { counts: false }), T0 + 50)
    const third = (await on.store.claim(session.id, 'to_agent', T0 + 60)) as Work
    expect(third.attempts).toEqual({ count: 1, told: false })
    const next = workOf(await settle(on.store, third, removed, T0 + 60))
    expect(next).toMatchObject({ head: say('m2'), attempts: { count: 0, told: false } })
  })

  it('puts a changed entry in the place of the head', async () => {
    const session = await open(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm1'))
    await on.store.accept(toAgent('ana', 'm2'), T0)
    const entry = notice('m1')
    await settle(on.store, first, retry(T0, { entry }))
    const again = (await on.store.claim(session.id, 'to_agent', T0)) as Work
    expect(again.head).toEqual(entry)
    expect(workOf(await settle(on.store, again, removed)).head).toEqual(say('m2'))
  })

  it('tells the other side once, at once, and remembers it until the mailbox moves on', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, toAgent('ana', 'm1'))
    await on.store.accept(toAgent('ana', 'm2'), T0)
    const telling = retry(T0 + 5000, { tell: notice('n') })
    for (const _ of [1, 2])
      expect(await settle(on.store, work, telling, T0 + 10)).toEqual({ outcome: 'settled' })
    const toClient = { kind: 'mailbox', session: session.id, direction: 'to_client' }
    expect(await on.store.due(T0 + 9, 10)).toEqual([])
    expect(await on.store.due(T0 + 10, 10)).toEqual([toClient])
    expect(await drain(on.store, session.id, 'to_client', T0 + 10)).toEqual(['n'])
    const again = (await on.store.claim(session.id, 'to_agent', T0 + 5000)) as Work
    expect(again.attempts).toEqual({ count: 1, told: true })
    await settle(on.store, again, retry(T0 + 6000), T0 + 5000)
    const third = (await on.store.claim(session.id, 'to_agent', T0 + 6000)) as Work
    expect(third.attempts).toEqual({ count: 2, told: true })
    const next = workOf(await settle(on.store, third, { kind: 'expanded', into: [say('m1.1')] }, T0 + 6000))
    expect(next.attempts).toEqual({ count: 0, told: false })
  })

  it('puts what it tells behind what already waits, and moves no turn by it', async () => {
    const session = await open(on.store, 'ana', 'room')
    const held = await acceptWork(on.store, fromDesk('room', 'a'))
    const work = await acceptWork(on.store, toAgent('ana', 'm'))
    await settle(on.store, work, retry(T0 + 5000, { tell: notice('n') }), T0 + 10)
    expect(await on.store.due(T0 + 10, 10)).toEqual([])
    expect(workOf(await settle(on.store, held, removed)).head.id).toBe('n')
    expect(await on.store.findById(session.id)).toEqual(session)
  })
}
