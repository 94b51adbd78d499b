import { expect, it } from 'vitest'
import { SEEN_MS } from '../../../src/domain/session.ts'
import type { Outcome, Work } from '../../../src/store/store.ts'
import { countWaiting } from '../../support/count-waiting.ts'
import {
  acceptWork,
  DAY,
  drain,
  end,
  fromDesk,
  handBack,
  notice,
  OPTIONS,
  open,
  register,
  removed,
  retry,
  type Subject,
  say,
  settle,
  T0,
  toAgent,
  workOf,
} from '../fixtures.ts'

const ending = { at: T0 + 1, reason: 'gone' } as const
const gone: Outcome = { kind: 'removed', dead: 'gone', tell: notice('n'), ending, handBack: handBack('end') }

export function describeConsequences(on: Subject): void {
  it('tells the same only once', async () => {
    await open(on.store, 'ana', 'room')
    const tell = { id: 'x~failed', at: T0, kind: 'notice', text: 'not delivered' } as const
    for (const id of ['x.1', 'x.2']) {
      const work = await acceptWork(on.store, toAgent('ana', id))
      await settle(on.store, work, { kind: 'removed', dead: 'refused', tell })
    }
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 1 })
  })

  it('ends the session, tells the client and hands it back, in this order', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, toAgent('ana', 'm'))
    for (const _ of [1, 2]) expect(await settle(on.store, work, gone, T0 + 1)).toEqual({ outcome: 'settled' })
    expect(await on.store.findById(session.id)).toEqual({ ...session, state: 'ended', ending })
    expect(await on.store.due(T0 + 1, 10)).toEqual([
      { kind: 'mailbox', session: session.id, direction: 'to_client' },
    ])
    expect(await drain(on.store, session.id, 'to_client', T0 + 1)).toEqual(['n', 'end'])
    expect(await on.store.due(T0 + SEEN_MS, 10)).toEqual([])
    expect(await on.store.due(T0 + 1 + SEEN_MS, 10)).toEqual([{ kind: 'session', session: session.id }])
  })

  it('does not end or hand back a session that is over', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, toAgent('ana', 'm'))
    await on.store.accept(end(session, T0), T0)
    await settle(on.store, work, gone, T0 + 1)
    expect(await on.store.findById(session.id)).toMatchObject({ ending: { reason: 'agent', at: T0 } })
    expect(await drain(on.store, session.id, 'to_client', T0 + 1)).toEqual(['n'])
  })

  it('gives the hand-back as the next when the mailbox to the client itself is settled', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, fromDesk('room', 'm'))
    const settlement = await settle(on.store, work, gone, T0 + 1)
    const ended = { ...session, state: 'ended', ending }
    expect(settlement).toEqual({
      outcome: 'settled',
      next: { ...work, session: ended, head: handBack('end') },
    })
    expect(await settle(on.store, work, gone, T0 + 1)).toEqual(settlement)
    expect(await drain(on.store, session.id, 'to_agent', T0 + 1)).toEqual(['n'])
    expect(await settle(on.store, workOf(settlement), removed, T0 + 2)).toEqual({ outcome: 'settled' })
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
  })

  it('puts the hand-back behind what the client is still owed', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, fromDesk('room', 'm1'))
    await on.store.accept(fromDesk('room', 'm2'), T0)
    expect(workOf(await settle(on.store, work, gone, T0 + 1)).head).toEqual(say('m2'))
    expect(await drain(on.store, session.id, 'to_client', T0 + 1 + OPTIONS.leaseMs)).toEqual(['m2', 'end'])
  })
}

export function describeDeadLetters(on: Subject): void {
  const bury = async (letter: Parameters<typeof acceptWork>[1], reason: string, now: number) =>
    settle(on.store, await acceptWork(on.store, letter, now), { kind: 'removed', dead: reason }, now)
  const list = (limit = 10) => on.store.deadLetters({ limit })

  it('lists the dead, newest first, without anyone’s words', async () => {
    const session = await open(on.store, 'ana', 'room')
    await bury(toAgent('ana', 'm1'), 'refused', T0)
    await bury(fromDesk('room', 'm2'), 'blocked', T0 + 1)
    const dead = {
      desk: 'desk',
      userid: 'ana',
      session: session.id,
      conversation: 'room',
      attempts: 1,
    }
    const first = { ...dead, id: `${session.id}.a.m1`, direction: 'to_agent', reason: 'refused', at: T0 }
    const second = {
      ...dead,
      id: `${session.id}.c.m2`,
      direction: 'to_client',
      reason: 'blocked',
      at: T0 + 1,
    }
    expect(await list()).toEqual([second, first])
    expect(await list(1)).toEqual([second])
  })

  it('counts all attempts, and knows no desk before the session was opened', async () => {
    const opening = await register(on.store, 'ana')
    await settle(on.store, opening, retry(T0 + 10))
    const again = (await on.store.claim(opening.session.id, 'to_agent', T0 + 10)) as Work
    await settle(on.store, again, { kind: 'removed', dead: 'nobody' }, T0 + 10)
    expect(await list()).toMatchObject([{ attempts: 2, desk: '', reason: 'nobody' }])
  })

  it('puts a dead letter back at the end of its mailbox, once', async () => {
    const session = await open(on.store, 'ana', 'room')
    await bury(toAgent('ana', 'm1'), 'refused', T0)
    const held = await acceptWork(on.store, toAgent('ana', 'm2'))
    const id = `${session.id}.a.m1`
    expect(await on.store.replay('none', T0)).toBe('unknown')
    expect(await on.store.replay(id, T0)).toBe('replayed')
    expect(await on.store.replay(id, T0)).toBe('already-replayed')
    expect(await list()).toEqual([])
    const back = workOf(await settle(on.store, held, removed))
    expect(back).toMatchObject({ head: say('m1'), attempts: { count: 0, told: false } })
    expect(await settle(on.store, back, removed)).toEqual({ outcome: 'settled' })
  })

  it('makes an empty mailbox due at once by a replay', async () => {
    const session = await open(on.store, 'ana', 'room')
    await bury(fromDesk('room', 'm'), 'refused', T0)
    await on.store.replay(`${session.id}.c.m`, T0 + 5)
    expect(await on.store.due(T0 + 4, 10)).toEqual([])
    expect(await on.store.due(T0 + 5, 10)).toEqual([
      { kind: 'mailbox', session: session.id, direction: 'to_client' },
    ])
    expect(await on.store.claim(session.id, 'to_client', T0 + 5)).toMatchObject({
      head: { ...say('m'), at: T0 + 5 },
    })
  })

  it('replays to an agent only while the session lives, to a client as long as it is kept', async () => {
    const session = await open(on.store, 'ana', 'room')
    await bury(toAgent('ana', 'a'), 'refused', T0)
    await bury(fromDesk('room', 'b'), 'refused', T0)
    await bury(fromDesk('room', 'c'), 'refused', T0)
    await on.store.accept(end(session, T0), T0)
    expect(await on.store.replay(`${session.id}.a.a`, T0)).toBe('session-ended')
    expect(await on.store.replay(`${session.id}.c.b`, T0)).toBe('replayed')
    await drain(on.store, session.id, 'to_client', T0)
    await on.store.forget(session.id, T0 + SEEN_MS)
    expect(await on.store.replay(`${session.id}.c.c`, T0 + SEEN_MS)).toBe('replayed')
  })

  it('replays a closing although its session is over, as accepted now', async () => {
    const session = await open(on.store, 'ana', 'room')
    const entry = { id: 'close', at: T0, kind: 'close', reason: 'bot' } as const
    const ending = { at: T0, reason: 'bot' } as const
    const to = { by: 'session', session: session.id } as const
    const work = await acceptWork(on.store, {
      to,
      direction: 'to_agent',
      dedupe: 'close',
      entries: [entry],
      ending,
    })
    await settle(on.store, work, { kind: 'removed', dead: 'refused' }, T0)
    expect(await on.store.replay(`${session.id}.a.${work.head.id}`, T0 + DAY)).toBe('replayed')
    const again = await on.store.claim(session.id, 'to_agent', T0 + DAY)
    expect(again?.head).toEqual({ ...work.head, at: T0 + DAY })
  })

  it('lists a letter that died again after its replay', async () => {
    const session = await open(on.store, 'ana', 'room')
    await bury(toAgent('ana', 'm'), 'refused', T0)
    await on.store.replay(`${session.id}.a.m`, T0 + 1)
    const back = (await on.store.claim(session.id, 'to_agent', T0 + 1)) as Work
    await settle(on.store, back, { kind: 'removed', dead: 'again' }, T0 + 2)
    expect(await list()).toMatchObject([{ id: `${session.id}.a.m`, reason: 'again', at: T0 + 2 }])
    expect(await on.store.replay(`${session.id}.a.m`, T0 + 3)).toBe('replayed')
  })

  it('keeps dead letters for their time, and no longer', async () => {
    const session = await open(on.store, 'ana', 'room')
    await bury(toAgent('ana', 'm'), 'refused', T0)
    const last = T0 + OPTIONS.deadLetterTtlMs - 1
    await on.store.due(last, 10)
    expect(await list()).toHaveLength(1)
    const later = T0 + OPTIONS.deadLetterTtlMs + DAY
    await bury(toAgent('ana', 'other'), 'refused', later)
    await on.store.due(later, 10)
    expect(await list()).toMatchObject([{ id: `${session.id}.a.other` }])
    expect(await on.store.replay(`${session.id}.a.m`, later)).toBe('unknown')
  })
}
