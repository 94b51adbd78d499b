import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listDeadLetters, showDeadLetter } from '../../src/mediator/dead-letters.ts'
import { replayDeadLetter, replayDeadLetters, type Selection } from '../../src/mediator/replay.ts'
import type { DeadLetterQuery, Store } from '../../src/store/store.ts'
import { STORES } from '../support/world.ts'
import { createNotebook, deliverAll, NOW, openFor, refuse } from './dead-letter-kit.ts'
import { type Depot, startDepot } from './stores.ts'

const DAY = 86_400_000
const ASKER = { who: 'abcd1234', reqId: 'req-7' }

describe.each(STORES)('dead letters on %s', kind => {
  let depot: Depot
  let store: Store
  let now: number
  const clock = { now: () => now }
  const notebook = createNotebook()
  const kit = () => ({ store, clock, log: notebook.log })
  beforeAll(async () => {
    depot = await startDepot(kind)
  })
  afterAll(() => depot.stop())
  beforeEach(async () => {
    store = await depot.open()
    now = NOW
    notebook.lines.length = 0
  })
  afterEach(() => store.close())

  const listed = async (query: Partial<DeadLetterQuery> = {}) => {
    const { extra } = await listDeadLetters(store, clock, { limit: 500, ...query })
    return extra?.dead_letters as { id: string; at: string }[]
  }
  const idsOf = async (query?: Partial<DeadLetterQuery>) =>
    (await listed(query)).map(({ id }) => id.split('.').at(-1))
  const replayAll = async (selection: Selection) => {
    const { extra } = await replayDeadLetters(kit(), selection, ASKER)
    return extra as { ids: string[] } & Record<string, number>
  }

  it('are listed with where they belong, and shown without words, names and addresses', async () => {
    const session = await openFor(store, 'ana')
    const attachments = [
      {
        contentType: 'image/jpeg; name="Rosa.jpg"',
        url: 'https://files/secret',
        name: 'Rosa.jpg',
        size: 512,
      },
      { contentType: 'geo', url: 'geo:1,2' },
    ]
    await refuse(store, 'ana', 'm1', NOW, { text: 'hé👩‍👩‍👧!', attachments })
    const [letter] = await listed()
    const about = {
      id: letter?.id,
      direction: 'to_agent',
      desk: 'desk',
      userid: 'ana',
      reason: 'it said no',
      attempts: 1,
      at: new Date(NOW).toISOString(),
      session,
      conversation: 'room of ana',
    }
    expect(letter).toEqual(about)
    const { extra } = await showDeadLetter(store, clock, letter?.id ?? '')
    expect(extra).toEqual({
      dead_letter: {
        ...about,
        kind: 'message',
        accepted_at: new Date(NOW - 1_000).toISOString(),
        text_length: 4,
        attachments: [
          { content_type: 'image/jpeg', size: 512 },
          { content_type: 'geo', size: null },
        ],
      },
    })
  })

  it('that are cut at the limit say so, and how to go on, until all are seen', async () => {
    await openFor(store, 'ana')
    for (let n = 1; n <= 5; n++) await refuse(store, 'ana', `m${n}`, NOW + n)
    now = NOW + 1_000
    const page = async (limit: number, until?: number) => {
      const { msg, extra = {} } = await listDeadLetters(store, clock, { limit, ...(until && { until }) })
      const ids = (extra.dead_letters as { id: string }[]).map(({ id }) => id.split('.').at(-1))
      return { msg, ids, more: extra.more }
    }
    const first = await page(2)
    const next = new Date(NOW + 3).toISOString()
    const msg = `2 dead letters; there are more: for the next ones ask with until=${next}`
    expect(first).toEqual({ msg, ids: ['m5', 'm4'], more: true })
    expect(await page(2, NOW + 3)).toMatchObject({ ids: ['m3', 'm2'], more: true })
    expect(await page(2, NOW + 1)).toEqual({ msg: '1 dead letter', ids: ['m1'], more: undefined })
    expect(await page(5)).toMatchObject({ msg: '5 dead letters', more: undefined })
  })

  it('of one moment are not told to go on where nothing new would come', async () => {
    await openFor(store, 'ana')
    for (const id of ['m1', 'm2', 'm3']) await refuse(store, 'ana', id)
    const { msg, extra } = await listDeadLetters(store, clock, { limit: 2 })
    expect([extra?.dead_letters, extra?.more]).toEqual([expect.objectContaining({ length: 2 }), true])
    expect(msg).toMatch(/^2 dead letters; there are more, of the same moment: raise limit/)
  })

  it('that are replayed together come oldest first in each mailbox, those of one moment as they died', async () => {
    const sessions = [await openFor(store, 'ana'), await openFor(store, 'ben')]
    for (const id of ['m3', 'm1', 'm9', 'm2']) {
      await refuse(store, 'ana', id, NOW + 5)
      await refuse(store, 'ben', id, NOW + 5)
    }
    await refuse(store, 'ana', 'm0', NOW + 6)
    now = NOW + 1_000
    const first = await replayAll({ desk: 'desk' })
    expect(first).toMatchObject({ replayed: 9, already_replayed: 0, session_ended: 0, gone: 0, left: 0 })
    expect(await replayAll({ desk: 'desk' })).toMatchObject({ replayed: 0, ids: [] })
    expect(await deliverAll(store, sessions[0] ?? '', now)).toEqual(['m3', 'm1', 'm9', 'm2', 'm0'])
    expect(await deliverAll(store, sessions[1] ?? '', now)).toEqual(['m3', 'm1', 'm9', 'm2'])
    expect(await listed()).toEqual([])
    await replayAll({ desk: 'desk' })
    expect(await deliverAll(store, sessions[0] ?? '', now)).toEqual([])
  })

  it('are replayed as far as they were asked for', async () => {
    await openFor(store, 'ana')
    await openFor(store, 'ben', 'other')
    await refuse(store, 'ana', 'm1', NOW)
    await refuse(store, 'ana', 'm2', NOW + 10)
    await refuse(store, 'ben', 'm3', NOW + 20)
    now = NOW + 1_000
    expect(await idsOf({ desk: 'other' })).toEqual(['m3'])
    expect(await idsOf({ userid: 'ana', since: NOW + 1 })).toEqual(['m2'])
    expect(await replayAll({ conversation: 'room of ana', desk: 'other' })).toMatchObject({ replayed: 0 })
    expect(await replayAll({ until: NOW + 9 })).toMatchObject({ replayed: 1 })
    expect(await idsOf()).toEqual(['m3', 'm2'])
  })

  it('of a conversation that has ended stay where they are, and are counted', async () => {
    const session = await openFor(store, 'ana')
    await refuse(store, 'ana', 'm1')
    const ending = { at: NOW, reason: 'agent', deskAt: NOW } as const
    await store.accept({ to: { by: 'session', session }, direction: 'to_client', entries: [], ending }, NOW)
    now = NOW + 1_000
    expect(await replayAll({ userid: 'ana' })).toMatchObject({ replayed: 0, session_ended: 1, ids: [] })
    expect(await idsOf()).toEqual(['m1'])
  })

  it('leave one line in the log for each replay, which says who and which, and no contact', async () => {
    await openFor(store, 'ana-uuid')
    await refuse(store, 'ana-uuid', 'm1')
    await refuse(store, 'ana-uuid', 'm2', NOW + 1)
    now = NOW + 1_000
    const [second, first] = (await listed()).map(({ id }) => id)
    await replayDeadLetter(kit(), first ?? '', ASKER)
    await replayDeadLetter(kit(), first ?? '', ASKER)
    await replayAll({ userid: 'ana-uuid', since: NOW })
    const about = { level: 30, msg: 'dead letters replayed', ...ASKER }
    expect(notebook.lines).toMatchObject([
      { ...about, filter: { id: first }, ids: [first], replayed: 1 },
      { ...about, filter: { id: first }, ids: [], replayed: 0, already_replayed: 1 },
      { ...about, filter: { since: new Date(NOW).toISOString() }, ids: [second], replayed: 1, left: 0 },
    ])
    expect(notebook.lines[2]).toHaveProperty('filter.userid', expect.stringMatching(/^sha256:[\da-f]{12}$/))
    expect(JSON.stringify(notebook.lines)).not.toMatch(/ana-uuid|words of/)
  })

  it('are unknown after 30 days', async () => {
    await openFor(store, 'ana')
    await refuse(store, 'ana', 'm1')
    const id = (await listed())[0]?.id ?? ''
    now = NOW + 30 * DAY
    expect(await idsOf()).toEqual(['m1'])
    now += 1
    expect(await idsOf()).toEqual([])
    expect(await replayAll({ userid: 'ana' })).toMatchObject({ replayed: 0, gone: 0 })
    await expect(showDeadLetter(store, clock, id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(replayDeadLetter(kit(), id, ASKER)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('very many dead letters', () => {
  const { log } = createNotebook()
  /** As many as `count`, `perMs` of them in each ms, the oldest first. */
  const archive = (count: number, perMs: number, tookMs = 0) => {
    let now = NOW
    const replayed: string[] = []
    const all = Array.from({ length: count }, (_, n) => ({
      id: `d${n}`,
      at: NOW - count + Math.floor(n / perMs),
    }))
    const store = {
      deadLetters: async ({ limit, since = 0, until = now }: DeadLetterQuery) =>
        all.filter(({ at }) => at >= since && at <= until).slice(0, limit) as never,
      findDeadLetter: async () => undefined,
      replay: async (id: string) => {
        now += tookMs
        replayed.push(id)
        return 'replayed' as const
      },
    }
    return { kit: { store, clock: { now: () => now }, log }, replayed, all }
  }

  it.each([1, 7, 3_000])(
    'are replayed from the oldest on, at most 10,000 at a time, with %i in a ms',
    async perMs => {
      const { kit, replayed, all } = archive(12_345, perMs)
      const { extra, msg } = await replayDeadLetters(kit, { desk: 'desk' }, ASKER)
      expect(extra).toMatchObject({ replayed: 10_000, left: 2_345 })
      expect(msg).toMatch(/2345 are left: ask again/)
      expect(replayed).toEqual(all.slice(0, 10_000).map(({ id }) => id))
    },
  )

  it('are left for another request after 20 s', async () => {
    const { kit } = archive(5_000, 1, 10)
    expect((await replayDeadLetters(kit, { desk: 'desk' }, ASKER)).extra).toMatchObject({
      replayed: 2_000,
      left: 3_000,
    })
  })
})
