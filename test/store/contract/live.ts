import { expect, it } from 'vitest'
import { SEEN_MS } from '../../../src/domain/session.ts'
import {
  acceptWork,
  drain,
  end,
  fromDesk,
  handBack,
  OPTIONS,
  type OpenedStore,
  open,
  opened,
  register,
  removed,
  type Subject,
  settle,
  T0,
  toAgent,
} from '../fixtures.ts'

const byBot = { at: T0, reason: 'bot' } as const

export function describeLiveSessions(on: Subject, subject: () => OpenedStore): void {
  const live = async (desk = 'desk') => (await on.store.liveSessions(desk)).sort()

  it('are those with a conversation at the desk', async () => {
    expect(await live()).toEqual([])
    const names = Array.from({ length: 20 }, (_, n) => `client${n}`)
    const sessions = await Promise.all(names.map(name => open(on.store, name, `room of ${name}`)))
    const elsewhere = await register(on.store, 'eve')
    await settle(on.store, elsewhere, opened('room', { desk: 'other', state: 'assigned' }))
    await register(on.store, 'still opening')
    expect(await live()).toEqual(sessions.map(({ id }) => id).sort())
    expect(await live('other')).toEqual([elsewhere.session.id])
    expect(await live('none')).toEqual([])
  })

  it('stay whatever happens to them, but for their end', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(fromDesk('room', 'e', { entries: [], change: { state: 'assigned' } }), T0)
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'm')), removed)
    await on.store.forget(session.id, T0)
    expect(await live()).toEqual([session.id])
  })

  it('are not lost when an agent came before the answer to the opening', async () => {
    const work = await register(on.store, 'ana')
    const to = { by: 'conversation', desk: 'desk', conversation: 'room', client: 'ana' } as const
    await on.store.accept(fromDesk('room', 'e', { to, entries: [], change: { state: 'assigned' } }), T0)
    expect(await live()).toEqual([])
    await settle(on.store, work, opened('room'))
    expect(await live()).toEqual([work.session.id])
  })

  it('are those no more that a desk, a bot or their idling has ended', async () => {
    const [ana, ben, eve] = await Promise.all(
      ['ana', 'ben', 'eve'].map(name => open(on.store, name, `room of ${name}`)),
    )
    await on.store.accept(fromDesk('room of ana', 'bye', { ending: { at: T0, reason: 'agent' } }), T0)
    expect(await live()).toEqual([ben?.id, eve?.id].sort())
    await on.store.accept(toAgent('ben', 'close', { ending: byBot }), T0)
    expect(await live()).toEqual([eve?.id])
    if (eve) await on.store.accept(end(eve, T0 + OPTIONS.sessionTtlMs), T0 + OPTIONS.sessionTtlMs)
    expect(await live()).toEqual([])
    if (ana) await on.store.forget(ana.id, T0 + SEEN_MS)
    expect(await live()).toEqual([])
  })

  it('are those no more whose conversation was found gone', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, toAgent('ana', 'm'))
    const ending = { at: T0, reason: 'gone' } as const
    const outcome = { kind: 'removed', dead: 'gone', ending, handBack: handBack('end') } as const
    for (const _ of [1, 2]) await settle(on.store, work, outcome)
    expect(await live()).toEqual([])
    await drain(on.store, session.id, 'to_client', T0)
    await on.store.forget(session.id, T0 + SEEN_MS)
    expect(await live()).toEqual([])
  })

  it('are never those whose opening was abandoned, or refused for its conversation', async () => {
    const ana = await open(on.store, 'ana', 'room')
    const work = await register(on.store, 'ben')
    expect(await settle(on.store, work, opened('room'))).toEqual({ outcome: 'conversation-taken' })
    expect(await live()).toEqual([ana.id])
    for (const _ of [1, 2]) await settle(on.store, work, { kind: 'abandoned' })
    expect(await live()).toEqual([ana.id])
  })

  it('are never those that ended while they were opening', async () => {
    const work = await register(on.store, 'ana')
    await on.store.accept(toAgent('ana', 'close', { ending: byBot }), T0)
    for (const _ of [1, 2]) await settle(on.store, work, opened('room'))
    expect(await on.store.findById(work.session.id)).toMatchObject({ state: 'ended', desk: 'desk' })
    expect(await live()).toEqual([])
  })

  it('are not brought back by whoever says again that they were opened', async () => {
    const work = await register(on.store, 'ana')
    await settle(on.store, work, opened('room'))
    await on.store.accept(end(work.session, T0), T0)
    await settle(on.store, work, opened('room'))
    expect(await live()).toEqual([])
  })

  it('are the client’s later one after the first was ended and forgotten', async () => {
    const first = await open(on.store, 'ana', 'room')
    await on.store.accept(end(first, T0), T0)
    const second = await open(on.store, 'ana', 'room', T0 + 1)
    await on.store.forget(first.id, T0 + SEEN_MS)
    expect(await live()).toEqual([second.id])
  })

  it('are the same after a crash', async () => {
    const ana = await open(on.store, 'ana', 'room')
    const ben = await open(on.store, 'ben', 'hall')
    await on.store.accept(end(ben, T0), T0)
    const revived = await subject().crash()
    expect(await revived.liveSessions('desk')).toEqual([ana.id])
    await revived.accept(end(ana, T0), T0)
    expect(await revived.liveSessions('desk')).toEqual([])
  })
}
