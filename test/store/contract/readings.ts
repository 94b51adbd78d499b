import { expect, it } from 'vitest'
import {
  acceptWork,
  drain,
  end,
  fromDesk,
  fromLink,
  OPTIONS,
  type OpenedStore,
  open,
  register,
  type Subject,
  T0,
  toAgent,
} from '../fixtures.ts'

export function describeReadings(on: Subject, subject: () => OpenedStore): void {
  /** How far the session was read, as the holder of that lease finds it. */
  const cursorOf = async (session: string, fence: number) =>
    (await on.store.followSession(session, fence))?.cursor

  it('keep their cursor together with the letter', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, fromLink(session, 'm', { fence: 5, cursor: 'c1' }))
    expect(work).toMatchObject({ session, head: { id: 'm' } })
    expect(await on.store.followSession(session.id, 5)).toEqual({ session, cursor: 'c1' })
  })

  it('keep their cursor also without entries, and with a repeat', async () => {
    const session = await open(on.store, 'ana', 'room')
    const letter = (cursor: string) => fromLink(session, 'm', { fence: 5, cursor })
    const bare = { ...letter('c1'), dedupe: undefined, entries: [] }
    expect(await on.store.accept(bare, T0)).toEqual({ outcome: 'accepted', session })
    expect(await cursorOf(session.id, 5)).toBe('c1')
    await acceptWork(on.store, letter('c2'))
    expect(await on.store.accept(letter('c3'), T0)).toMatchObject({ outcome: 'repeat', fate: 'waiting' })
    expect(await cursorOf(session.id, 5)).toBe('c3')
    expect(await drain(on.store, session.id, 'to_client', T0 + OPTIONS.leaseMs)).toEqual(['m'])
  })

  it('leave the cursor there is where they have none', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(fromLink(session, 'm1', { fence: 5, cursor: 'c1' }), T0)
    await on.store.accept(fromLink(session, 'm2', { fence: 6 }), T0)
    await on.store.accept(fromDesk('room', 'm3'), T0)
    expect(await on.store.followSession(session.id, 5)).toBeUndefined()
    expect(await cursorOf(session.id, 6)).toBe('c1')
  })

  it('take a cursor of any text', async () => {
    const session = await open(on.store, 'ana', 'room')
    const texts = [
      '',
      '0',
      'a\x1fb',
      'nul\0nul',
      '"\\{}\'',
      ' é 🐈 \r\n ',
      '{"a":[1]}',
      '%s %1',
      'x'.repeat(300),
    ]
    for (const cursor of texts) {
      await on.store.accept({ ...fromLink(session, 'm', { fence: 5, cursor }), entries: [] }, T0)
      expect(await on.store.followSession(session.id, 5)).toEqual({ session, cursor })
    }
    expect(await on.store.findById(session.id)).toEqual(session)
  })

  it('are refused when a later lease has read or followed the session, and then nothing is stored', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept({ ...fromLink(session, 'e', { fence: 6, cursor: 'new' }), entries: [] }, T0)
    await on.store.followSession(session.id, 7)
    const [reading, ending] = [
      { fence: 6, cursor: 'old' },
      { at: T0, reason: 'agent' },
    ] as const
    const change = { state: 'assigned', agent: 'Ixchel' } as const
    const fenced = { outcome: 'fenced', session }
    for (const more of [{}, { change }, { ending }, { entries: [] }])
      expect(await on.store.accept(fromLink(session, 'm', reading, more), T0 + 9)).toEqual(fenced)
    expect(await on.store.findByClient('ana')).toEqual({ session, waiting: { to_agent: 0, to_client: 0 } })
    expect(await on.store.due(T0 + OPTIONS.sessionTtlMs, 10)).toHaveLength(1)
    expect(await cursorOf(session.id, 7)).toBe('new')
    expect(await acceptWork(on.store, fromLink(session, 'm', { fence: 7 }))).toMatchObject({
      head: { id: 'm' },
    })
  })

  it('are compared as numbers', async () => {
    const session = await open(on.store, 'ana', 'room')
    for (const fence of [9, 10, 10, T0, T0 + 1])
      expect(await on.store.accept(fromLink(session, `m${fence}`, { fence }), T0)).not.toMatchObject({
        outcome: 'fenced',
      })
    expect(await on.store.accept(fromLink(session, 'm', { fence: T0 }), T0)).toMatchObject({
      outcome: 'fenced',
    })
    expect(await on.store.followSession(session.id, 9)).toBeUndefined()
  })

  it('are refused before it is looked whether they are a repeat, or late', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(fromLink(session, 'm', { fence: 7 }), T0)
    const old = fromLink(session, 'm', { fence: 6 })
    expect(await on.store.accept(old, T0)).toEqual({ outcome: 'fenced', session })
    await on.store.accept(end(session, T0), T0)
    expect(await on.store.accept(old, T0)).toMatchObject({ outcome: 'fenced', session: { state: 'ended' } })
    const late = fromLink(session, 'm2', { fence: 7 })
    expect(await on.store.accept(late, T0)).toMatchObject({ outcome: 'ended' })
  })

  it('concern one session, and only letters that have them', async () => {
    const ana = await open(on.store, 'ana', 'room')
    const ben = await open(on.store, 'ben', 'hall')
    await on.store.followSession(ana.id, 7)
    for (const letter of [fromLink(ben, 'm', { fence: 1 }), fromDesk('room', 'm'), toAgent('ana', 'm')])
      expect(await on.store.accept(letter, T0)).toMatchObject({ outcome: 'accepted' })
    expect(await on.store.followSession(ben.id, 1)).toEqual({ session: ben })
  })

  it('work by conversation too, and are kept nowhere when nobody is meant or it is only being opened', async () => {
    const ana = await open(on.store, 'ana', 'room')
    const { session: ben } = await register(on.store, 'ben')
    const naming = (conversation: string, client: string, fence: number, id: string) =>
      fromDesk(conversation, id, {
        to: { by: 'conversation', desk: 'desk', conversation, client },
        reading: { fence },
      })
    expect(await on.store.accept(naming('attic', 'ana', 9, 'm'), T0)).toEqual({ outcome: 'no-session' })
    const ending = { at: T0, reason: 'agent' } as const
    const closing = { ...naming('attic', 'ben', 9, 'bye'), ending }
    expect(await on.store.accept(closing, T0)).toEqual({ outcome: 'opening', session: ben })
    for (const [room, client] of [
      ['room', 'ana'],
      ['attic', 'ben'],
    ] as const)
      expect(await on.store.accept(naming(room, client, 5, 'm'), T0)).toMatchObject({ outcome: 'accepted' })
    expect(await on.store.accept(naming('room', 'eve', 4, 'm2'), T0)).toEqual({
      outcome: 'fenced',
      session: ana,
    })
  })

  it('end the session in the same step', async () => {
    const session = await open(on.store, 'ana', 'room')
    const ending = { at: T0, reason: 'agent' } as const
    const letter = fromLink(session, 'bye', { fence: 5, cursor: 'last' }, { ending })
    expect(await on.store.accept(letter, T0)).toMatchObject({
      outcome: 'accepted',
      session: { state: 'ended' },
    })
    expect(await on.store.accept(letter, T0)).toMatchObject({ outcome: 'repeat' })
    expect(await on.store.followSession(session.id, 6)).toBeUndefined()
  })

  it('are followed where a live session has a conversation, and by no earlier lease', async () => {
    const session = await open(on.store, 'ana', 'room')
    for (const fence of [7, 7, 8])
      expect(await on.store.followSession(session.id, fence)).toEqual({ session })
    expect(await on.store.followSession(session.id, 7)).toBeUndefined()
    expect(await on.store.followSession('none', 9)).toBeUndefined()
    const { session: opening } = await register(on.store, 'ben')
    expect(await on.store.followSession(opening.id, 9)).toBeUndefined()
    await on.store.accept(end(session, T0), T0)
    expect(await on.store.followSession(session.id, 9)).toBeUndefined()
  })

  it('are remembered after a crash', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(fromLink(session, 'm', { fence: 5, cursor: 'c1' }), T0)
    await on.store.followSession(session.id, 6)
    const revived = await subject().crash()
    expect(await revived.accept(fromLink(session, 'm2', { fence: 5 }), T0)).toEqual({
      outcome: 'fenced',
      session,
    })
    expect(await revived.followSession(session.id, 6)).toEqual({ session, cursor: 'c1' })
  })
}
