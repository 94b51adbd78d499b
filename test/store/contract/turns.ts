import { expect, it } from 'vitest'
import { SEEN_MS } from '../../../src/domain/session.ts'
import type { Work } from '../../../src/store/store.ts'
import { countWaiting } from '../../support/count-waiting.ts'
import {
  acceptWork,
  DAY,
  end,
  fromDesk,
  OPTIONS,
  open,
  register,
  removed,
  retry,
  type Subject,
  settle,
  T0,
  toAgent,
} from '../fixtures.ts'

const { leaseMs } = OPTIONS

export function describeTurns(on: Subject): void {
  it('gives a due mailbox to one worker only', async () => {
    const session = await open(on.store, 'ana', 'room')
    await acceptWork(on.store, toAgent('ana', 'm'))
    const claim = () => on.store.claim(session.id, 'to_agent', T0 + leaseMs)
    const works = (await Promise.all([claim(), claim(), claim()])).filter(work => work)
    expect(works).toMatchObject([{ turn: { session: session.id, direction: 'to_agent', fence: 3 } }])
  })

  it('gives nothing that is empty, unknown, not due or in somebody’s hands', async () => {
    const session = await open(on.store, 'ana', 'room')
    expect(await on.store.claim(session.id, 'to_agent', T0 + DAY)).toBeUndefined()
    expect(await on.store.claim('none', 'to_agent', T0 + DAY)).toBeUndefined()
    const work = await acceptWork(on.store, toAgent('ana', 'm'))
    expect(await on.store.claim(session.id, 'to_agent', T0 + leaseMs - 1)).toBeUndefined()
    await settle(on.store, work, retry(T0 + DAY), T0)
    expect(await on.store.claim(session.id, 'to_agent', T0 + DAY - 1)).toBeUndefined()
    expect(await on.store.claim(session.id, 'to_client', T0 + DAY)).toBeUndefined()
  })

  it('counts an attempt that nobody told the end of', async () => {
    const session = await open(on.store, 'ana', 'room')
    await acceptWork(on.store, toAgent('ana', 'm'))
    const claim = (at: number) => on.store.claim(session.id, 'to_agent', T0 + at)
    expect(await claim(leaseMs)).toMatchObject({ attempts: { count: 1, told: false } })
    const third = (await claim(2 * leaseMs)) as Work
    expect(third).toMatchObject({ attempts: { count: 2, told: false } })
    await settle(on.store, third, retry(T0 + 2 * leaseMs), T0 + 2 * leaseMs)
    expect(await claim(2 * leaseMs)).toMatchObject({ attempts: { count: 3 } })
  })

  it('prolongs a turn, even one that ran out while nobody took over', async () => {
    const session = await open(on.store, 'ana', 'room')
    const { turn } = await acceptWork(on.store, toAgent('ana', 'm'))
    expect(await on.store.renew(turn, T0 + 1000)).toBe(true)
    expect(await on.store.claim(session.id, 'to_agent', T0 + 1000 + leaseMs - 1)).toBeUndefined()
    expect(await on.store.due(T0 + 1000 + leaseMs - 1, 10)).toEqual([])
    expect(await on.store.renew(turn, T0 + 5 * leaseMs)).toBe(true)
    expect(await on.store.claim(session.id, 'to_agent', T0 + 6 * leaseMs - 1)).toBeUndefined()
    expect(await on.store.claim(session.id, 'to_agent', T0 + 6 * leaseMs)).toBeDefined()
  })

  it('does not prolong a turn that was taken over, given back or used up', async () => {
    const session = await open(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm'))
    const second = (await on.store.claim(session.id, 'to_agent', T0 + leaseMs)) as Work
    expect(await on.store.renew(first.turn, T0 + leaseMs)).toBe(false)
    await settle(on.store, second, retry(T0 + leaseMs + 5), T0 + leaseMs)
    expect(await on.store.renew(second.turn, T0 + leaseMs)).toBe(false)
    const third = (await on.store.claim(session.id, 'to_agent', T0 + leaseMs + 5)) as Work
    await settle(on.store, third, removed, T0 + leaseMs + 5)
    expect(await on.store.renew(third.turn, T0 + leaseMs + 5)).toBe(false)
    expect(await on.store.renew({ ...third.turn, session: 'none' }, T0)).toBe(false)
    expect(await on.store.due(T0 + 9 * leaseMs, 10)).toEqual([])
  })

  it('lets a blocked mailbox hold up no other', async () => {
    const ana = await open(on.store, 'ana', 'room')
    await open(on.store, 'ben', 'hall')
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'm1')), retry(T0 + DAY))
    await on.store.accept(toAgent('ana', 'm2'), T0)
    expect(await acceptWork(on.store, fromDesk('room', 'm'))).toMatchObject({ head: { id: 'm' } })
    expect(await acceptWork(on.store, toAgent('ben', 'm'))).toMatchObject({ head: { id: 'm' } })
    expect(await on.store.claim(ana.id, 'to_agent', T0 + leaseMs)).toBeUndefined()
  })
}

export function describeDue(on: Subject): void {
  it('lists the longest due first, mailboxes before sessions, up to the limit of each', async () => {
    const [ana, ben, eve] = [
      await open(on.store, 'ana', 'r1', T0),
      await open(on.store, 'ben', 'r2', T0 - 5000),
      await open(on.store, 'eve', 'r3', T0 - 9000),
    ]
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'm')), retry(T0 + 300))
    await settle(on.store, await acceptWork(on.store, fromDesk('r2', 'm')), retry(T0 + 100))
    await settle(on.store, await acceptWork(on.store, fromDesk('r1', 'm')), retry(T0 + 200))
    const mailboxes = [
      { kind: 'mailbox', session: ben.id, direction: 'to_client' },
      { kind: 'mailbox', session: ana.id, direction: 'to_client' },
      { kind: 'mailbox', session: ana.id, direction: 'to_agent' },
    ]
    expect(await on.store.due(T0 + 299, 10)).toEqual(mailboxes.slice(0, 2))
    expect(await on.store.due(T0 + 300, 10)).toEqual(mailboxes)
    const sessions = [eve, ana].map(({ id }) => ({ kind: 'session', session: id }))
    const late = await on.store.due(T0 + OPTIONS.sessionTtlMs - 9000, 10)
    expect(late).toEqual([...mailboxes, sessions[0]])
    expect(await on.store.due(T0 + DAY, 1)).toEqual([mailboxes[0], sessions[0]])
    expect(await on.store.due(T0 + DAY, 10)).toHaveLength(6)
  })

  it('comes at once for what was put off for one desk and for none yet, or for all clients', async () => {
    const [ana, ben] = [await open(on.store, 'ana', 'r1'), await open(on.store, 'ben', 'r2')]
    const eve = await register(on.store, 'eve')
    await settle(on.store, eve, retry(T0 + 900))
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'm')), retry(T0 + 900))
    await acceptWork(on.store, toAgent('ben', 'm'))
    await settle(on.store, await acceptWork(on.store, fromDesk('r1', 'm')), retry(T0 + 900))
    const due = async () => (await on.store.due(T0 + 1, 10)).map(one => one.session).sort()
    await on.store.hasten('to_agent', 'other', T0 + 1)
    expect(await due()).toEqual([eve.session.id])
    await on.store.hasten('to_agent', 'desk', T0 + 1)
    expect(await due()).toEqual([ana.id, eve.session.id].sort())
    await on.store.hasten('to_client', undefined, T0 + 1)
    expect(await due()).toEqual([ana.id, ana.id, eve.session.id].sort())
    expect(await on.store.claim(ben.id, 'to_agent', T0 + 1)).toBeUndefined()
  })

  it('takes nothing', async () => {
    const session = await open(on.store, 'ana', 'room')
    await acceptWork(on.store, toAgent('ana', 'm'))
    const due = await on.store.due(T0 + leaseMs, 10)
    expect(await on.store.due(T0 + leaseMs, 10)).toEqual(due)
    expect(await on.store.claim(session.id, 'to_agent', T0 + leaseMs)).toBeDefined()
  })
}

export function describeForget(on: Subject): void {
  it('removes an ended session with everything of it', async () => {
    const session = await open(on.store, 'ana', 'room')
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'm')), removed)
    await on.store.accept(end(session, T0), T0)
    for (const _ of [1, 2]) await on.store.forget(session.id, T0 + SEEN_MS)
    expect(await on.store.findById(session.id)).toBeUndefined()
    expect(await on.store.findByClient('ana')).toBeUndefined()
    expect(await on.store.findByConversation('desk', 'room')).toBeUndefined()
    expect(await on.store.accept(fromDesk('room', 'm'), T0)).toEqual({ outcome: 'no-session' })
    expect(await on.store.due(T0 + 365 * DAY, 10)).toEqual([])
  })

  it('leaves a live session alone', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.forget(session.id, T0 + SEEN_MS)
    await on.store.forget('none', T0)
    expect(await on.store.findByClient('ana')).toMatchObject({ session })
    expect(await on.store.due(T0 + OPTIONS.sessionTtlMs, 10)).toHaveLength(1)
  })

  it('puts it off by a day while something is still owed', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, fromDesk('room', 'm'))
    await on.store.accept(end(session, T0), T0)
    const now = T0 + SEEN_MS
    await on.store.forget(session.id, now)
    await settle(on.store, work, removed, now)
    expect(await on.store.findById(session.id)).toMatchObject({ state: 'ended' })
    expect(await on.store.due(now + DAY - 1, 10)).toEqual([])
    expect(await on.store.due(now + DAY, 10)).toEqual([{ kind: 'session', session: session.id }])
    await on.store.forget(session.id, now + DAY)
    expect(await on.store.findById(session.id)).toBeUndefined()
  })

  it('does not take the client’s later session with it', async () => {
    const first = await open(on.store, 'ana', 'room')
    await on.store.accept(end(first, T0), T0)
    const second = await open(on.store, 'ana', 'hall', T0 + 1)
    await on.store.forget(first.id, T0 + SEEN_MS)
    expect(await on.store.findByClient('ana')).toMatchObject({ session: second })
    expect(await on.store.findByConversation('desk', 'hall')).toEqual(second)
  })
}

export function describeFinding(on: Subject): void {
  it('finds the client’s session, live or ended, with what waits for it', async () => {
    expect(await on.store.findByClient('ana')).toBeUndefined()
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(toAgent('ana', 'm1'), T0)
    await on.store.accept(toAgent('ana', 'm2'), T0)
    await on.store.accept(fromDesk('room', 'm3'), T0)
    expect(await on.store.findByClient('ana')).toEqual({ session, waiting: { to_agent: 2, to_client: 1 } })
    expect(await countWaiting(on.store)).toEqual({ to_agent: 2, to_client: 1 })
    await on.store.accept(end(session, T0), T0)
    expect(await on.store.findByClient('ana')).toMatchObject({ session: { id: session.id, state: 'ended' } })
    expect(await on.store.findByConversation('desk', 'room')).toMatchObject({
      id: session.id,
      state: 'ended',
    })
  })

  it('finds nothing it does not have', async () => {
    expect(await on.store.findById('none')).toBeUndefined()
    expect(await on.store.findByConversation('desk', 'none')).toBeUndefined()
    expect(await on.store.fateOf('none', 'to_agent', 'm')).toBe('settled')
    expect(await on.store.deadLetters({ limit: 10 })).toEqual([])
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
    expect(await on.store.due(T0 + 365 * DAY, 10)).toEqual([])
  })
}
