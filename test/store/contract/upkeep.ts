import { expect, it } from 'vitest'
import type { Tally } from '../../../src/domain/tally.ts'
import type { Outcome } from '../../../src/store/store.ts'
import {
  acceptWork,
  DAY,
  end,
  fromDesk,
  handBack,
  notice,
  OPTIONS,
  open,
  opened,
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

const LATER = T0 + 5000

export function describeLeftovers(on: Subject): void {
  it('makes closing owed at each desk that may have carried out an abandoned opening', async () => {
    const work = await register(on.store, 'ana')
    await settle(on.store, work, { kind: 'abandoned', leftovers: ['desk', 'other'] })
    expect(await on.store.findByClient('ana')).toBeUndefined()
    expect(await on.store.due(LATER - 1, 10)).toEqual([])
    const undone = await takeAll(on, LATER)
    expect(undone).toHaveLength(2)
    for (const { session, head } of undone) {
      expect(head).toMatchObject({ kind: 'undo', of: work.session.id })
      expect(session).toMatchObject({ state: 'ended', client: { uuid: 'ana', name: 'Rosa Peña' } })
      expect(head).toMatchObject({ desk: session.desk })
      expect(session.id).not.toBe(work.session.id)
    }
    expect(undone.map(({ session }) => session.desk).sort()).toEqual(['desk', 'other'])
  })

  it('leaves the session that another desk opened alone', async () => {
    const work = await register(on.store, 'ana')
    await settle(on.store, work, opened('room', { leftovers: ['other'] }))
    expect((await on.store.findByClient('ana'))?.session).toMatchObject({ id: work.session.id, desk: 'desk' })
    const [undo] = await takeAll(on, LATER)
    expect(undo).toMatchObject({ session: { desk: 'other' }, head: { desk: 'other', of: work.session.id } })
    expect(undo?.session.conversation).toBeUndefined()
  })

  it('does so once, however often the answer gets lost', async () => {
    const work = await register(on.store, 'ana')
    const outcome: Outcome = { kind: 'removed', givenUp: true, leftovers: ['desk'] }
    await settle(on.store, work, outcome)
    await settle(on.store, work, outcome)
    expect(await takeAll(on, LATER)).toHaveLength(1)
  })

  it('closes the conversation of a session that is over again, at most once an hour', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(end(session, T0), T0)
    const ended = { ...session, state: 'ended' as const }
    await on.store.closeAgain(ended, T0)
    await on.store.closeAgain(ended, T0 + 3_599_999)
    const undone = await takeAll(on, T0 + 3_600_000)
    expect(undone).toMatchObject([{ session: { desk: 'desk', conversation: session.conversation } }])
    await on.store.closeAgain(ended, T0 + 3_600_001)
    expect(await takeAll(on, T0 + DAY)).toHaveLength(1)
    expect(await on.store.findByConversation('desk', 'room')).toMatchObject({ id: session.id })
  })

  it('forgets a session left behind when it is done', async () => {
    const work = await register(on.store, 'ana')
    await settle(on.store, work, { kind: 'abandoned', leftovers: ['desk'] })
    const [undo] = await takeAll(on, LATER)
    const id = undo?.session.id ?? ''
    expect(await on.store.due(T0 + 4 * DAY, 10)).toEqual([{ kind: 'session', session: id }])
    await on.store.forget(id, T0 + 4 * DAY)
    expect(await on.store.findById(id)).toBeUndefined()
  })
}

/** Takes the work of every due mailbox, and removes it. */
async function takeAll(on: Subject, now: number) {
  const taken = []
  for (const due of await on.store.due(now, 10)) {
    if (due.kind !== 'mailbox') continue
    const work = await on.store.claim(due.session, due.direction, now)
    if (work) taken.push(work)
    if (work) await settle(on.store, work, removed, now)
  }
  return taken
}

export function describeLooks(on: Subject): void {
  const { silentMs } = OPTIONS

  it('are due when nothing was heard of a conversation for a while, once for all who ask', async () => {
    const session = await open(on.store, 'ana', 'room')
    const look = { kind: 'look', session: session.id }
    expect(await on.store.due(T0 + silentMs - 1, 10)).not.toContainEqual(look)
    expect(await on.store.due(T0 + silentMs, 10)).toContainEqual(look)
    expect(await on.store.claimLook(session.id, T0 + silentMs - 1)).toBeUndefined()
    expect(await on.store.claimLook(session.id, T0 + silentMs)).toEqual(session)
    expect(await on.store.claimLook(session.id, T0 + silentMs)).toBeUndefined()
    expect(await on.store.claimLook(session.id, T0 + 2 * silentMs)).toEqual(session)
  })

  it('wait while something is heard', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(toAgent('ana', 'm'), T0 + 1000)
    expect(await on.store.claimLook(session.id, T0 + silentMs)).toBeUndefined()
    expect(await on.store.claimLook(session.id, T0 + silentMs + 999)).toBeUndefined()
    expect(await on.store.claimLook(session.id, T0 + silentMs + 1000)).toMatchObject({ id: session.id })
  })

  it('end with the session, and there are none before it is opened', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(end(session, T0), T0)
    const work = await register(on.store, 'ben')
    await settle(on.store, work, retry(T0 + 1))
    const kinds = (await on.store.due(T0 + silentMs, 10)).map(({ kind }) => kind)
    expect(kinds).not.toContain('look')
    expect(await on.store.claimLook(session.id, T0 + silentMs)).toBeUndefined()
    expect(await on.store.claimLook('none', T0)).toBeUndefined()
  })
}

export function describeTally(on: Subject): void {
  const none = { accepted: 0, delivered: 0, dead: 0, 'given-up': 0, moved: 0, waiting: 0 }
  const sorted = async () => (await on.store.tally()).sort((a, b) => nameOf(a).localeCompare(nameOf(b)))

  it('counts what waits for a desk under none, and on under the one that is found', async () => {
    const work = await register(on.store, 'ana')
    await on.store.accept(toAgent('ana', 'm1'), T0)
    expect(await sorted()).toEqual([{ direction: 'to_agent', desk: '', ...none, accepted: 2, waiting: 2 }])
    await settle(on.store, work, opened('room'))
    expect(await sorted()).toEqual([
      { direction: 'to_agent', desk: '', ...none, accepted: 2, moved: 2 },
      { direction: 'to_agent', desk: 'desk', ...none, accepted: 2, delivered: 1, waiting: 1 },
    ])
  })

  it('counts what became of everything', async () => {
    await open(on.store, 'ana', 'room')
    const first = await acceptWork(on.store, toAgent('ana', 'm1'))
    const into = [say('m1.1'), say('m1.2'), say('m1.3')]
    const piece = workOf(await settle(on.store, first, { kind: 'expanded', into }))
    const second = workOf(await settle(on.store, piece, removed))
    const third = workOf(await settle(on.store, second, { kind: 'removed', dead: 'no', tell: notice('n') }))
    const ending = { at: T0, reason: 'gone' } as const
    await settle(on.store, third, { kind: 'removed', givenUp: true, ending, handBack: handBack('end') })
    const [, agent, client] = await sorted()
    expect(agent).toEqual({
      ...{ direction: 'to_agent', desk: 'desk', ...none },
      ...{ accepted: 4, delivered: 2, dead: 1, 'given-up': 1 },
    })
    expect(client).toEqual({ direction: 'to_client', desk: 'desk', ...none, accepted: 2, waiting: 2 })
  })

  it('counts a replay anew, and an abandoned opening as given up', async () => {
    const session = await open(on.store, 'ana', 'room')
    await settle(on.store, await acceptWork(on.store, fromDesk('room', 'm')), { kind: 'removed', dead: 'no' })
    await on.store.replay(`${session.id}.c.m`, T0)
    await settle(on.store, await register(on.store, 'ben'), { kind: 'abandoned' })
    const [unopened, , client] = await sorted()
    expect(unopened).toEqual({
      ...{ direction: 'to_agent', desk: '', ...none },
      ...{ accepted: 2, moved: 1, 'given-up': 1 },
    })
    expect(client).toEqual({
      ...{ direction: 'to_client', desk: 'desk', ...none },
      ...{ accepted: 2, dead: 1, waiting: 1 },
    })
  })
}

function nameOf({ direction, desk }: Tally): string {
  return `${direction} ${desk}`
}

export function describeErasure(on: Subject): void {
  it('forgets who the client is when all of an ended session is settled', async () => {
    const session = await open(on.store, 'ana', 'room')
    const ending = { at: T0, reason: 'agent', deskAt: T0 } as const
    const last = await acceptWork(on.store, fromDesk('room', 'bye', { ending }))
    const waiting = await acceptWork(on.store, fromDesk('room', 'm', { saidAt: T0 })).catch(() => undefined)
    expect(waiting).toBeUndefined()
    expect((await on.store.findById(session.id))?.client).toEqual(session.client)
    await settle(on.store, workOf(await settle(on.store, last, removed)), removed)
    const kept = await on.store.findById(session.id)
    expect(kept?.client).toEqual({ uuid: 'ana' })
    expect(kept?.conversation).toEqual({ id: 'room', state: null })
  })

  it('keeps it while the other mailbox holds something, or a dead letter may be replayed', async () => {
    const session = await open(on.store, 'ana', 'room')
    const held = await acceptWork(on.store, toAgent('ana', 'm'))
    await settle(on.store, await acceptWork(on.store, fromDesk('room', 'd')), { kind: 'removed', dead: 'no' })
    const ending = { at: T0, reason: 'agent', deskAt: T0 } as const
    await settle(on.store, await acceptWork(on.store, fromDesk('room', 'bye', { ending })), removed)
    expect((await on.store.findById(session.id))?.client).toEqual(session.client)
    await settle(on.store, held, removed)
    expect((await on.store.findById(session.id))?.client).toEqual(session.client)
    await on.store.replay(`${session.id}.c.d`, T0)
    const again = await on.store.claim(session.id, 'to_client', T0)
    if (again) await settle(on.store, again, removed)
    expect((await on.store.findById(session.id))?.client).toEqual({ uuid: 'ana' })
  })

  it('remembers that the desk, too, has closed what another had ended', async () => {
    const session = await open(on.store, 'ana', 'room')
    await on.store.accept(end(session, T0), T0)
    await on.store.accept(toAgent('ana', 'x', { ending: { at: T0, reason: 'bot' } }), T0)
    expect((await on.store.findById(session.id))?.ending?.closedThere).toBeUndefined()
    const ending = { at: T0 + 1, reason: 'agent' } as const
    await on.store.accept(fromDesk('room', 'bye', { ending }), T0 + 1)
    expect((await on.store.findById(session.id))?.ending).toEqual({
      at: T0,
      reason: 'agent',
      closedThere: true,
    })
  })

  it('shows a dead letter with what it holds, until it is replayed', async () => {
    const session = await open(on.store, 'ana', 'room')
    await settle(on.store, await acceptWork(on.store, fromDesk('room', 'm')), { kind: 'removed', dead: 'no' })
    const id = `${session.id}.c.m`
    const [letter] = await on.store.deadLetters({ limit: 1 })
    expect(await on.store.findDeadLetter(id)).toEqual({ letter, entry: say('m') })
    await on.store.replay(id, T0)
    expect(await on.store.findDeadLetter(id)).toBeUndefined()
    expect(await on.store.findDeadLetter('none')).toBeUndefined()
  })

  it('is not forgotten while a dead letter may be replayed', async () => {
    const session = await open(on.store, 'ana', 'room')
    await settle(on.store, await acceptWork(on.store, fromDesk('room', 'm')), { kind: 'removed', dead: 'no' })
    await on.store.accept(end(session, T0), T0)
    await on.store.forget(session.id, T0 + 4 * DAY)
    expect(await on.store.replay(`${session.id}.c.m`, T0 + 4 * DAY)).toBe('replayed')
    const again = await on.store.claim(session.id, 'to_client', T0 + 4 * DAY)
    if (again) await settle(on.store, again, removed)
    await on.store.forget(session.id, T0 + 5 * DAY)
    expect(await on.store.findById(session.id)).toBeUndefined()
  })

  it('lists only the dead letters that are asked for, in the order of their deaths', async () => {
    const [ana, ben] = [await open(on.store, 'ana', 'r1'), await open(on.store, 'ben', 'r2')]
    const deaths = ['z', 'm', 'a', 'q']
    for (const id of deaths)
      await settle(on.store, await acceptWork(on.store, toAgent('ana', id)), { kind: 'removed', dead: 'no' })
    const later = await acceptWork(on.store, fromDesk('r2', 'b'), T0 + 5)
    await settle(on.store, later, { kind: 'removed', dead: 'no' }, T0 + 5)
    const list = async (query: object) =>
      (await on.store.deadLetters({ limit: 10, ...query })).map(({ id }) => id)
    const anas = deaths.toReversed().map(id => `${ana.id}.a.${id}`)
    const bens = [`${ben.id}.c.b`]
    expect(await list({})).toEqual([...bens, ...anas])
    expect(await list({ limit: 2 })).toEqual([...bens, anas[0]])
    expect(await list({ oldest: true })).toEqual([...bens, ...anas].toReversed())
    expect(await list({ oldest: true, limit: 1 })).toEqual(anas.slice(-1))
    for (const query of [
      { direction: 'to_agent' },
      { userid: 'ana' },
      { conversation: 'r1' },
      { until: T0 + 4 },
    ])
      expect(await list(query)).toEqual(anas)
    expect(await list({ since: T0 + 5 })).toEqual(bens)
    expect(await list({ desk: 'desk', userid: 'ben' })).toEqual(bens)
    expect(await list({ desk: 'other' })).toEqual([])
  })

  it('finds a dead letter at the time it tells of it, also where clocks differ', async () => {
    await open(on.store, 'ana', 'room')
    const clocks = { first: T0 + 10, second: T0 + 3, third: T0 + 10, fourth: T0 + 12 }
    for (const [id, now] of Object.entries(clocks))
      await settle(
        on.store,
        await acceptWork(on.store, toAgent('ana', id)),
        { kind: 'removed', dead: 'no' },
        now,
      )
    const letters = await on.store.deadLetters({ limit: 10 })
    expect(letters).toHaveLength(4)
    const times = letters.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((one, other) => other - one))
    for (const { id, at } of letters) {
      const there = await on.store.deadLetters({ limit: 10, since: at, until: at })
      expect(there.map(letter => letter.id)).toContain(id)
      expect((await on.store.findDeadLetter(id))?.letter.at).toBe(at)
    }
  })

  it('knows what it has not heard', async () => {
    const { id } = await open(on.store, 'ana', 'room')
    await acceptWork(on.store, fromDesk('room', 'heard'))
    await on.store.accept(toAgent('ana', 'the other way'), T0)
    const ids = ['new', 'heard', 'the other way', 'new too']
    expect(await on.store.unheard(id, 'to_client', ids)).toEqual(['new', 'the other way', 'new too'])
    expect(await on.store.unheard('nobody', 'to_client', ids)).toEqual(ids)
    expect(await on.store.unheard(id, 'to_client', [])).toEqual([])
  })

  it('knows whether somebody’s words wait, or only ours', async () => {
    const work = await register(on.store, 'ana')
    const holds = (direction: 'to_agent' | 'to_client') => on.store.holdsMessage(work.session.id, direction)
    expect(await holds('to_agent')).toBe(false)
    await on.store.accept(toAgent('ana', 'm'), T0)
    expect(await holds('to_agent')).toBe(true)
    expect(await holds('to_client')).toBe(false)
  })
}
