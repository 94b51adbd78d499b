import { expect, it } from 'vitest'
import type { Work } from '../../../src/store/store.ts'
import {
  acceptWork,
  drain,
  end,
  fromDesk,
  OPTIONS,
  open,
  opened,
  register,
  type Subject,
  say,
  settle,
  T0,
  toAgent,
  workOf,
} from '../fixtures.ts'

export function describeOpened(on: Subject): void {
  it('binds the session to its conversation and goes on with what waited for it', async () => {
    const work = await register(on.store, 'ana')
    await on.store.accept(toAgent('ana', 'm'), T0)
    const outcome = opened('room', { state: 'assigned', agent: 'Ixchel' })
    const settlement = await settle(on.store, work, outcome, T0 + 5)
    const { kind: _, ...binding } = outcome as Extract<typeof outcome, { kind: 'opened' }>
    const session = { ...work.session, ...binding }
    expect(settlement).toEqual({ outcome: 'settled', next: { ...work, session, head: say('m') } })
    expect(await settle(on.store, work, outcome, T0 + 5)).toEqual(settlement)
    expect(await on.store.findByConversation('desk', 'room')).toEqual(session)
    expect(await on.store.findByConversation('other', 'room')).toBeUndefined()
    expect(await on.store.due(T0 + 5 + OPTIONS.leaseMs - 1, 10)).toEqual([])
  })

  it('says nothing new when repeated after the mailbox is empty', async () => {
    const work = await register(on.store, 'ana')
    for (const _ of [1, 2])
      expect(await settle(on.store, work, opened('room'))).toEqual({ outcome: 'settled' })
    expect(await on.store.findByConversation('desk', 'room')).toMatchObject({ id: work.session.id })
  })

  it('binds nothing for a worker whose turn was taken over', async () => {
    const slow = await register(on.store, 'ana')
    const now = T0 + OPTIONS.leaseMs
    await on.store.claim(slow.session.id, 'to_agent', now)
    expect(await settle(on.store, slow, opened('attic'), now)).toEqual({ outcome: 'fenced' })
    expect(await on.store.findByConversation('desk', 'attic')).toBeUndefined()
    expect(await on.store.findById(slow.session.id)).toEqual(slow.session)
  })

  it('keeps the agent who came before the answer to the opening', async () => {
    const work = await register(on.store, 'ana')
    const to = { by: 'conversation', desk: 'desk', conversation: 'room', client: 'ana' } as const
    const early = fromDesk('room', 'e', { to, entries: [], change: { state: 'assigned', agent: 'Ixchel' } })
    expect(await on.store.accept(early, T0)).toMatchObject({
      outcome: 'accepted',
      session: { state: 'opening' },
    })
    expect(await on.store.findById(work.session.id)).toMatchObject({ state: 'opening' })
    await settle(on.store, work, opened('room', { state: 'queued' }))
    expect(await on.store.findById(work.session.id)).toMatchObject({
      state: 'assigned',
      agent: 'Ixchel',
      desk: 'desk',
      conversation: { id: 'room' },
    })
  })

  it('does not bring a session back that ended while it was opening', async () => {
    const work = await register(on.store, 'ana')
    const ending = { at: T0, reason: 'bot' } as const
    const close = { kind: 'close', id: 'close', at: T0, reason: 'bot' } as const
    await on.store.accept(toAgent('ana', 'close', { entries: [close], ending }), T0)
    const next = workOf(await settle(on.store, work, opened('room')))
    expect(next).toMatchObject({
      head: close,
      session: { state: 'ended', ending, desk: 'desk', conversation: { id: 'room' } },
    })
  })

  it('refuses a conversation of another client’s live session, and changes nothing', async () => {
    const ana = await open(on.store, 'ana', 'room')
    const work = await register(on.store, 'ben')
    for (const _ of [1, 2]) {
      expect(await settle(on.store, work, opened('room'))).toEqual({ outcome: 'conversation-taken' })
    }
    expect(await on.store.findByConversation('desk', 'room')).toEqual(ana)
    expect(await on.store.findById(work.session.id)).toEqual(work.session)
    expect(await on.store.fateOf(work.session.id, 'to_agent', 'open')).toBe('waiting')
    expect(await settle(on.store, work, opened('hall'))).toEqual({ outcome: 'settled' })
  })

  it('takes over the conversation of an ended session', async () => {
    const ana = await open(on.store, 'ana', 'room')
    await on.store.accept(end(ana, T0), T0)
    const ben = await open(on.store, 'ben', 'room', T0 + 1)
    expect(await on.store.findByConversation('desk', 'room')).toEqual(ben)
    expect((await acceptWork(on.store, fromDesk('room', 'm'))).session.id).toBe(ben.id)
    await on.store.forget(ana.id, T0 + 2)
    expect(await on.store.findById(ana.id)).toBeUndefined()
    expect(await on.store.findByConversation('desk', 'room')).toEqual(ben)
  })

  it('takes over the conversation of the same client’s session before', async () => {
    const first = await open(on.store, 'ana', 'room')
    await on.store.accept(end(first, T0), T0)
    const second = await open(on.store, 'ana', 'room', T0 + 1)
    expect((await on.store.findByConversation('desk', 'room'))?.id).toBe(second.id)
    await on.store.forget(first.id, T0 + 2)
    expect((await on.store.findByClient('ana'))?.session).toEqual(second)
  })

  it('means the session being opened when a desk names its client, even on a conversation used before', async () => {
    const first = await open(on.store, 'ana', 'room')
    await on.store.accept(end(first, T0), T0)
    const { session } = await register(on.store, 'ana', T0 + 1)
    const to = { by: 'conversation', desk: 'desk', conversation: 'room', client: 'ana' } as const
    expect((await acceptWork(on.store, fromDesk('room', 'm', { to }))).session.id).toBe(session.id)
    expect(await on.store.accept(fromDesk('room', 'm2'), T0)).toMatchObject({ outcome: 'ended' })
    expect(await drain(on.store, session.id, 'to_client', T0 + OPTIONS.leaseMs)).toEqual(['m'])
    const taken = (await on.store.claim(session.id, 'to_agent', T0 + 1 + OPTIONS.leaseMs)) as Work
    expect(taken.head.kind).toBe('open')
  })

  it('never means a session that is being opened by the conversation of another client', async () => {
    const bens = await open(on.store, 'ben', 'room')
    await register(on.store, 'ana', T0 + 1)
    const to = { by: 'conversation', desk: 'desk', conversation: 'room', client: 'ana' } as const
    expect((await acceptWork(on.store, fromDesk('room', 'm', { to }))).session.id).toBe(bens.id)
    expect(await on.store.findByClient('ana')).toMatchObject({ waiting: { to_client: 0 } })
  })
}
