import { expect, it } from 'vitest'
import type { Entry } from '../../../src/domain/mailbox.ts'
import { SEEN_MS } from '../../../src/domain/session.ts'
import { countWaiting } from '../../support/count-waiting.ts'
import {
  acceptWork,
  DAY,
  draft,
  drain,
  end,
  fromDesk,
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
} from '../fixtures.ts'

export function describeAccept(on: Subject): void {
  it('gives the turn to whoever fills an empty mailbox', async () => {
    const session = await open(on.store, 'ana', 'room')
    const acceptance = await on.store.accept(toAgent('ana', 'm1'), T0)
    const turn = { session: session.id, direction: 'to_agent', fence: 2 }
    const work = { session, turn, head: say('m1'), attempts: { count: 0, told: false } }
    expect(acceptance).toEqual({ outcome: 'accepted', session, work })
    expect(await on.store.due(T0 + OPTIONS.leaseMs - 1, 10)).toEqual([])
    const due = { kind: 'mailbox', session: session.id, direction: 'to_agent' }
    expect(await on.store.due(T0 + OPTIONS.leaseMs, 10)).toEqual([due])
  })

  it('lines up behind what is there and says until when that is put off', async () => {
    const session = await open(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm1'))
    const held = { outcome: 'accepted', session }
    expect(await on.store.accept(toAgent('ana', 'm2'), T0 + 7)).toEqual(held)
    await settle(on.store, first, retry(T0 + 2000), T0 + 8)
    const waiting = { outcome: 'accepted', session, retryAt: T0 + 2000 }
    expect(await on.store.accept(toAgent('ana', 'm3'), T0 + 9)).toEqual(waiting)
    expect(await on.store.accept(toAgent('ana', 'm4'), T0 + 5000)).toEqual(waiting)
    expect(await drain(on.store, session.id, 'to_agent', T0 + 5000)).toEqual(['m1', 'm2', 'm3', 'm4'])
  })

  it('keeps the entries of one letter in order', async () => {
    const session = await open(on.store, 'ana', 'room')
    const work = await acceptWork(on.store, toAgent('ana', 'm', { entries: [say('m'), say('z'), say('b')] }))
    expect(work.head).toEqual(say('m'))
    expect(await on.store.findByClient('ana')).toMatchObject({ waiting: { to_agent: 3, to_client: 0 } })
    expect(await drain(on.store, session.id, 'to_agent', T0 + OPTIONS.leaseMs)).toEqual(['m', 'z', 'b'])
  })

  it('keeps the two directions and the sessions apart', async () => {
    await open(on.store, 'ana', 'room')
    await open(on.store, 'ben', 'hall')
    const works = [
      await acceptWork(on.store, toAgent('ana', 'same')),
      await acceptWork(on.store, fromDesk('room', 'same')),
      await acceptWork(on.store, toAgent('ben', 'same')),
    ]
    expect(await countWaiting(on.store)).toEqual({ to_agent: 2, to_client: 1 })
    for (const work of works) expect(await settle(on.store, work, removed)).toEqual({ outcome: 'settled' })
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
  })

  it('knows no client, session or conversation it was not told of', async () => {
    await open(on.store, 'ana', 'room')
    const nobody = { outcome: 'no-session' }
    expect(await on.store.accept(toAgent('eve', 'm'), T0)).toEqual(nobody)
    expect(await on.store.accept(fromDesk('hall', 'm'), T0)).toEqual(nobody)
    const elsewhere = { by: 'conversation', desk: 'other', conversation: 'room' } as const
    expect(await on.store.accept(fromDesk('room', 'm', { to: elsewhere }), T0)).toEqual(nobody)
    const bySession = { by: 'session', session: 'none' } as const
    expect(await on.store.accept(toAgent('ana', 'm', { to: bySession }), T0)).toEqual(nobody)
  })

  it('believes the client a desk names only if its session has that conversation', async () => {
    const ana = await open(on.store, 'ana', 'room')
    const ben = await open(on.store, 'ben', 'hall')
    const naming = (conversation: string, client: string, id: string) =>
      on.store.accept(
        fromDesk(conversation, id, { to: { by: 'conversation', desk: 'desk', conversation, client } }),
        T0,
      )
    expect(await naming('room', 'ana', 'm1')).toMatchObject({ session: { id: ana.id } })
    expect(await naming('hall', 'ana', 'm2')).toMatchObject({ session: { id: ben.id } })
    expect(await naming('hall', 'eve', 'm3')).toMatchObject({ session: { id: ben.id } })
    expect(await naming('attic', 'ana', 'm4')).toEqual({ outcome: 'no-session' })
  })

  it('takes what a desk says of a conversation while it is being opened, but no ending', async () => {
    const { session } = await register(on.store, 'ana')
    const to = { by: 'conversation', desk: 'desk', conversation: 'room', client: 'ana' } as const
    const ending = { at: T0, reason: 'agent' } as const
    const closing = { to, ending, entries: [say('bye')] }
    expect(await on.store.accept(fromDesk('room', 'bye', closing), T0)).toEqual({
      outcome: 'opening',
      session,
    })
    expect(await on.store.findByClient('ana')).toEqual({ session, waiting: { to_agent: 1, to_client: 0 } })
    const work = await acceptWork(on.store, fromDesk('room', 'm', { to }))
    expect(work).toMatchObject({ session: { id: session.id, state: 'opening' }, head: { id: 'm' } })
    expect(await on.store.accept(fromDesk('room', 'bye', closing), T0)).toMatchObject({ outcome: 'opening' })
    expect(await on.store.accept(toAgent('ana', 'bye', { ending }), T0)).toMatchObject({
      outcome: 'accepted',
    })
  })

  it('takes nothing of a desk that is not asked to open it', async () => {
    await register(on.store, 'ana')
    const to = { by: 'conversation', desk: 'other', conversation: 'room', client: 'ana' } as const
    expect(await on.store.accept(fromDesk('room', 'm', { to }), T0)).toEqual({ outcome: 'no-session' })
    const asked = { desks: ['desk', 'other'], results: {}, promised: false }
    const owed: Entry = { id: 'open', at: T0, kind: 'open', opening: asked }
    await on.store.register(draft('ben'), owed, T0)
    const second = { ...to, client: 'ben' }
    expect(await on.store.accept(fromDesk('room', 'm', { to: second }), T0)).toMatchObject({
      outcome: 'accepted',
    })
  })

  it('drops a repeat and says where the first copy is', async () => {
    const session = await open(on.store, 'ana', 'room')
    const letter = toAgent('ana', 'm')
    const work = await acceptWork(on.store, letter)
    const repeat = { outcome: 'repeat', session }
    expect(await on.store.accept(letter, T0)).toEqual({ ...repeat, fate: 'waiting' })
    await settle(on.store, work, removed)
    expect(await on.store.accept(letter, T0)).toEqual({ ...repeat, fate: 'settled' })
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
  })

  it('says of a repeat that its first copy is dead, until it is replayed', async () => {
    const session = await open(on.store, 'ana', 'room')
    const letter = toAgent('ana', 'm')
    await settle(on.store, await acceptWork(on.store, letter), { kind: 'removed', dead: 'refused' })
    expect(await on.store.accept(letter, T0)).toMatchObject({ outcome: 'repeat', fate: 'dead' })
    await on.store.replay(`${session.id}.a.m`, T0)
    expect(await on.store.accept(letter, T0)).toMatchObject({ outcome: 'repeat', fate: 'waiting' })
    await drain(on.store, session.id, 'to_agent', T0)
    expect(await on.store.accept(letter, T0)).toMatchObject({ outcome: 'repeat', fate: 'settled' })
  })

  it('never takes a letter without an id of its own for a repeat', async () => {
    const session = await open(on.store, 'ana', 'room')
    for (const id of ['a', 'b']) {
      const letter = { ...toAgent('ana', id), dedupe: undefined }
      expect(await on.store.accept(letter, T0)).toMatchObject({ outcome: 'accepted' })
    }
    expect(await drain(on.store, session.id, 'to_agent', T0 + OPTIONS.leaseMs)).toEqual(['a', 'b'])
  })

  it('remembers an id for 72 hours and forgets it some time after', async () => {
    const session = await open(on.store, 'ana', 'room')
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'm')), removed)
    expect(await on.store.accept(toAgent('ana', 'm'), T0 + SEEN_MS - 1)).toMatchObject({ outcome: 'repeat' })
    const later = T0 + SEEN_MS + DAY
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'other'), later), removed, later)
    await on.store.due(later, 10)
    expect(await on.store.accept(toAgent('ana', 'm'), later)).toMatchObject({ outcome: 'accepted', session })
  })

  it('takes ids of any characters', async () => {
    const session = await open(on.store, 'a:{b} \0é"', 'r/%*[x]')
    for (const id of ['{x}', 'a b', 'é"\\', "'; --", 'nul\0', '*?[a-z]', '%_', '__proto__', '1e3']) {
      const work = await acceptWork(on.store, fromDesk('r/%*[x]', id))
      expect(work.head).toEqual(say(id))
      expect(await on.store.fateOf(session.id, 'to_client', id)).toBe('waiting')
      await settle(on.store, work, { kind: 'removed', dead: 'refused' })
      expect(await on.store.accept(fromDesk('r/%*[x]', id), T0)).toMatchObject({ fate: 'dead' })
      expect(await on.store.replay(`${session.id}.c.${id}`, T0)).toBe('replayed')
      expect(await drain(on.store, session.id, 'to_client', T0)).toEqual([id])
    }
    expect(await on.store.findByClient('a:{b} \0é"')).toMatchObject({ session: { id: session.id } })
  })

  it('changes the session without anything to deliver', async () => {
    const session = await open(on.store, 'ana', 'room')
    const change = { state: 'assigned', agent: 'Ixchel' } as const
    const changed = { ...session, ...change }
    const letter = fromDesk('room', 'e1', { entries: [], change })
    expect(await on.store.accept(letter, T0)).toEqual({ outcome: 'accepted', session: changed })
    expect(await on.store.findById(session.id)).toEqual(changed)
    expect(await on.store.accept(letter, T0)).toEqual({
      outcome: 'repeat',
      session: changed,
      fate: 'settled',
    })
    await on.store.accept(fromDesk('room', 'e2', { entries: [], change: { state: 'queued' } }), T0)
    expect(await on.store.findById(session.id)).toEqual({ ...changed, state: 'queued' })
    expect(await on.store.findByConversation('desk', 'room')).toEqual({ ...changed, state: 'queued' })
  })

  it('changes the session and takes the message in one step', async () => {
    await open(on.store, 'ana', 'room')
    const work = await acceptWork(
      on.store,
      fromDesk('room', 'm', { change: { state: 'assigned', agent: 'Ixchel' } }),
    )
    expect(work).toMatchObject({ session: { state: 'assigned', agent: 'Ixchel' }, head: { id: 'm' } })
  })

  it('puts off idling with everything accepted, and with nothing else', async () => {
    const session = await open(on.store, 'ana', 'room')
    const isDue = async (now: number) => (await on.store.due(now, 10)).some(due => due.kind === 'session')
    const letter = fromDesk('room', 'e', { entries: [], change: { state: 'assigned' } })
    await on.store.accept(letter, T0 + 1000)
    await on.store.accept(letter, T0 + 2000)
    expect(await isDue(T0 + 1000 + OPTIONS.sessionTtlMs - 1)).toBe(false)
    expect(await isDue(T0 + 1000 + OPTIONS.sessionTtlMs)).toBe(true)
    await settle(on.store, await acceptWork(on.store, toAgent('ana', 'm'), T0 + 5000), removed, T0 + 9000)
    expect(await isDue(T0 + 5000 + OPTIONS.sessionTtlMs - 1)).toBe(false)
    expect(await on.store.due(T0 + 5000 + OPTIONS.sessionTtlMs, 10)).toEqual([
      { kind: 'session', session: session.id },
    ])
  })

  it('answers many callers at once, in the order they called', async () => {
    const session = await open(on.store, 'ana', 'room')
    const ids = Array.from({ length: 40 }, (_, index) => `m${index}`)
    const answers = await Promise.all(ids.map(id => on.store.accept(toAgent('ana', id), T0)))
    expect(answers.filter(answer => 'work' in answer)).toHaveLength(1)
    expect(await drain(on.store, session.id, 'to_agent', T0 + OPTIONS.leaseMs)).toEqual(ids)
  })
}

export function describeEnding(on: Subject): void {
  it('ends a session once, with its last entry', async () => {
    const session = await open(on.store, 'ana', 'room')
    const ending = { at: T0, reason: 'agent', deskAt: T0 - 5 } as const
    const work = await acceptWork(on.store, fromDesk('room', 'bye', { ending }))
    const ended = { ...session, state: 'ended', ending }
    expect(work).toMatchObject({ session: ended, head: say('bye') })
    const again = { at: T0 + 1, reason: 'bot' } as const
    expect(await on.store.accept(toAgent('ana', 'end', { ending: again }), T0)).toEqual({
      outcome: 'ended',
      session: ended,
    })
    const late = fromDesk('room', 'bye2', { ending: again, saidAt: T0 - 9 })
    expect(await on.store.accept(late, T0)).toEqual({ outcome: 'ended', session: ended })
    const closedThere = { ...ended, ending: { ...ended.ending, closedThere: true } }
    expect(await on.store.findById(session.id)).toEqual(closedThere)
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 1 })
  })

  it('takes nothing for an ended session, and remembers no id of it', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(end(session, T0), T0)
    for (const now of [T0, T0 + 1, T0 + 2 * DAY]) {
      expect(await on.store.accept(toAgent('ana', 'm'), now)).toMatchObject({ outcome: 'ended' })
      expect(await on.store.accept(fromDesk('room', 'm', { saidAt: T0 - 1 }), now)).toMatchObject({
        outcome: 'ended',
      })
    }
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
  })

  it('says repeat of a letter that came before the end', async () => {
    const session = await open(on.store, 'ana', 'room')
    await acceptWork(on.store, toAgent('ana', 'm'))
    await on.store.accept(end(session, T0), T0)
    expect(await on.store.accept(toAgent('ana', 'm'), T0)).toMatchObject({
      outcome: 'repeat',
      fate: 'waiting',
    })
  })

  it('still takes for the client what was said before the desk closed', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(end(session, T0, T0 - 100), T0)
    const said = (id: string, saidAt?: number) =>
      fromDesk('room', id, { saidAt, change: { state: 'assigned' } })
    expect(await on.store.accept(said('after', T0 - 99), T0 + 1)).toMatchObject({ outcome: 'ended' })
    expect(await on.store.accept(said('unknown'), T0 + 1)).toMatchObject({ outcome: 'ended' })
    const work = await acceptWork(on.store, said('before', T0 - 100), T0 + DAY)
    expect(work).toMatchObject({ head: { id: 'before' }, session: { state: 'ended' } })
    expect(await on.store.accept(said('before', T0 - 100), T0 + DAY)).toMatchObject({ outcome: 'repeat' })
    const other = toAgent('ana', 'm', { saidAt: T0 - 100 })
    expect(await on.store.accept(other, T0 + 1)).toMatchObject({ outcome: 'ended' })
    expect(await on.store.findById(session.id)).toMatchObject({ state: 'ended' })
  })

  it('keeps an ended session for 72 hours, whatever comes late', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(end(session, T0, T0), T0)
    const late = await acceptWork(on.store, fromDesk('room', 'm', { saidAt: T0 }), T0 + 1000)
    await settle(on.store, late, removed, T0 + 1000)
    expect(await on.store.due(T0 + SEEN_MS - 1, 10)).toEqual([])
    expect(await on.store.due(T0 + SEEN_MS + 1000, 10)).toEqual([{ kind: 'session', session: session.id }])
  })
}
