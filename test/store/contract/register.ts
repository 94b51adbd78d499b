import { expect, it } from 'vitest'
import type { Work } from '../../../src/store/store.ts'
import { countWaiting } from '../../support/count-waiting.ts'
import {
  draft,
  end,
  OPTIONS,
  open,
  opened,
  opening,
  register,
  removed,
  retry,
  type Subject,
  say,
  settle,
  T0,
} from '../fixtures.ts'

export function describeRegister(on: Subject): void {
  it('creates a session with the opening first in line and gives the turn', async () => {
    const registration = await on.store.register(draft('ana'), opening, T0)
    expect(registration).toEqual({
      outcome: 'created',
      work: {
        session: { ...draft('ana'), id: expect.stringMatching(/^[\w-]{16,}$/), state: 'opening' },
        turn: { session: expect.any(String), direction: 'to_agent', fence: 1 },
        head: opening,
        attempts: { count: 0, told: false },
      },
    })
    const { session } = await register(on.store, 'ben')
    expect(await on.store.findByClient('ben')).toEqual({ session, waiting: { to_agent: 1, to_client: 0 } })
  })

  it('gives every session its own id', async () => {
    const ids = new Set<string>()
    for (const name of ['a', 'b', 'c']) ids.add((await register(on.store, name)).session.id)
    expect(ids.size).toBe(3)
  })

  it('answers a client with a live session with that session', async () => {
    const session = await open(on.store, 'ana', 'room')
    expect(await on.store.register(draft('ana'), opening, T0)).toEqual({ outcome: 'exists', session })
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
  })

  it('says nothing of when an opening that somebody works on is looked at next', async () => {
    const { session } = await register(on.store, 'ana')
    const again = await on.store.register(draft('ana'), opening, T0 + 1)
    expect(again).toEqual({ outcome: 'exists', session })
  })

  it('hands over an opening that was left lying', async () => {
    const first = await register(on.store, 'ana')
    const now = T0 + OPTIONS.leaseMs
    const again = await on.store.register(draft('ana'), opening, now)
    const turn = { ...first.turn, fence: first.turn.fence + 1 }
    const attempts = { count: 1, told: false }
    expect(again).toEqual({ outcome: 'exists', session: first.session, work: { ...first, turn, attempts } })
    expect(await settle(on.store, first, opened('room'), now)).toEqual({ outcome: 'fenced' })
  })

  it('hands over an opening whose retry is due, and not before', async () => {
    const work = await register(on.store, 'ana')
    await settle(on.store, work, retry(T0 + 5000))
    const early = await on.store.register(draft('ana'), opening, T0 + 4999)
    expect(early).toMatchObject({ outcome: 'exists', retryAt: T0 + 5000 })
    expect(early).not.toHaveProperty('work')
    const due = await on.store.register(draft('ana'), opening, T0 + 5000)
    expect(due).toMatchObject({ work: { head: opening, attempts: { count: 1, told: false } } })
  })

  it('creates a new session after the end; the old one stays readable by its own id', async () => {
    const old = await open(on.store, 'ana', 'room')
    await on.store.accept(end(old, T0), T0)
    const { session } = await register(on.store, 'ana', T0 + 1)
    expect(session.id).not.toBe(old.id)
    expect((await on.store.findByClient('ana'))?.session.id).toBe(session.id)
    expect(await on.store.findById(old.id)).toMatchObject({ id: old.id, state: 'ended' })
  })

  it('makes the session due when it has idled', async () => {
    const { session, ...work } = await register(on.store, 'ana')
    await settle(on.store, { ...work, session }, opened('room'))
    const due = { kind: 'session', session: session.id }
    expect(await on.store.due(T0 + OPTIONS.sessionTtlMs - 1, 10)).toEqual([])
    expect(await on.store.due(T0 + OPTIONS.sessionTtlMs, 10)).toEqual([due])
  })

  it('leaves nothing of an abandoned opening', async () => {
    const work = await register(on.store, 'ana')
    expect(await settle(on.store, work, { kind: 'abandoned' })).toEqual({ outcome: 'settled' })
    expect(await on.store.findByClient('ana')).toBeUndefined()
    expect(await on.store.findById(work.session.id)).toBeUndefined()
    expect(await countWaiting(on.store)).toEqual({ to_agent: 0, to_client: 0 })
    expect(await on.store.due(T0 + 365 * OPTIONS.deadLetterTtlMs, 10)).toEqual([])
    expect(await settle(on.store, work, { kind: 'abandoned' })).toEqual({ outcome: 'settled' })
    expect(await settle(on.store, work, removed)).toEqual({ outcome: 'fenced' })
    expect((await register(on.store, 'ana')).session.id).not.toBe(work.session.id)
  })

  it.each(['to_agent', 'to_client'] as const)(
    'keeps an opening that something %s waits for',
    async direction => {
      const { work } = (await on.store.register(draft('ana'), opening, T0)) as { work: Work }
      const to = { by: 'client', userid: 'ana' } as const
      await on.store.accept({ to, direction, dedupe: 'm', entries: [say('m')] }, T0)
      expect(await settle(on.store, work, { kind: 'abandoned' })).toEqual({ outcome: 'wanted' })
      expect(await on.store.findByClient('ana')).toMatchObject({ session: { state: 'opening' } })
      expect(await on.store.renew(work.turn, T0)).toBe(true)
    },
  )

  it('leaves the next session of the client alone when the first is abandoned again', async () => {
    const first = await register(on.store, 'ana')
    await settle(on.store, first, { kind: 'abandoned' })
    const second = await register(on.store, 'ana')
    await settle(on.store, first, { kind: 'abandoned' })
    expect((await on.store.findByClient('ana'))?.session).toEqual(second.session)
    expect(await settle(on.store, second, removed)).toEqual({ outcome: 'settled' })
  })
}
