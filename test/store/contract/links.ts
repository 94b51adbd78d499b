import { expect, it } from 'vitest'
import type { LinkLease, LinkStore } from '../../../src/store/link-store.ts'
import { DAY, type OpenedStore, type Subject, T0 } from '../fixtures.ts'

const TTL = 6_000
const LINK = 'chat/connector'

/** Takes a link that is free. */
async function take(store: LinkStore, link: string, holder: string, now = T0): Promise<LinkLease> {
  const lease = await store.takeLink(link, holder, TTL, now)
  if (!lease) throw new Error(`${link} is not free for ${holder}`)
  return lease
}

export function describeLinks(on: Subject, opened: () => OpenedStore): void {
  it('are had by one holder at a time', async () => {
    const lease = await take(on.store, LINK, 'one')
    expect(lease).toEqual({ link: LINK, holder: 'one', fence: expect.any(Number) })
    expect(await on.store.takeLink(LINK, 'two', TTL, T0 + TTL - 1)).toBeUndefined()
    expect(await on.store.holderOfLink(LINK, T0 + TTL - 1)).toEqual(lease)
    const others = await Promise.all(['a', 'b', 'c'].map(name => on.store.takeLink('chat/x', name, TTL, T0)))
    expect(others.filter(other => other)).toHaveLength(1)
  })

  it('are free when their time has run out, and not before', async () => {
    const first = await take(on.store, LINK, 'one')
    expect(await on.store.holderOfLink(LINK, T0 + TTL)).toBeUndefined()
    const second = await take(on.store, LINK, 'two', T0 + TTL)
    expect(second.fence).toBeGreaterThan(first.fence)
    expect(await on.store.holderOfLink(LINK, T0 + TTL)).toEqual(second)
    expect(await on.store.holderOfLink('chat/none', T0)).toBeUndefined()
  })

  it('are prolonged from the moment of asking', async () => {
    const lease = await take(on.store, LINK, 'one')
    expect(await on.store.renewLink(lease, TTL, T0 + 1000)).toBe(true)
    expect(await on.store.renewLink(lease, TTL, T0 + 1000)).toBe(true)
    expect(await on.store.takeLink(LINK, 'two', TTL, T0 + 1000 + TTL - 1)).toBeUndefined()
    expect(await on.store.holderOfLink(LINK, T0 + 1000 + TTL - 1)).toEqual(lease)
    expect(await on.store.holderOfLink(LINK, T0 + 1000 + TTL)).toBeUndefined()
  })

  it('are not prolonged once they were lost, taken by another or not', async () => {
    const lease = await take(on.store, LINK, 'one')
    expect(await on.store.renewLink(lease, TTL, T0 + TTL)).toBe(false)
    expect(await on.store.holderOfLink(LINK, T0 + TTL)).toBeUndefined()
    const next = await take(on.store, LINK, 'two', T0 + TTL)
    expect(await on.store.renewLink(lease, TTL, T0 + TTL)).toBe(false)
    expect(await on.store.renewLink({ ...lease, link: 'chat/none' }, TTL, T0)).toBe(false)
    expect(await on.store.holderOfLink(LINK, T0 + TTL + TTL - 1)).toEqual(next)
  })

  it('are free at once when they are given back', async () => {
    const lease = await take(on.store, LINK, 'one')
    for (const _ of [1, 2]) await on.store.releaseLink(lease)
    expect(await on.store.holderOfLink(LINK, T0)).toBeUndefined()
    expect(await on.store.renewLink(lease, TTL, T0)).toBe(false)
    expect((await take(on.store, LINK, 'two')).fence).toBeGreaterThan(lease.fence)
  })

  it('are not given back by whoever lost them', async () => {
    const lost = await take(on.store, LINK, 'one')
    const present = await take(on.store, LINK, 'one', T0 + TTL)
    await on.store.releaseLink(lost)
    await on.store.releaseLink({ ...lost, link: 'chat/none' })
    expect(await on.store.holderOfLink(LINK, T0 + TTL)).toEqual(present)
    expect(await on.store.takeLink(LINK, 'two', TTL, T0 + TTL)).toBeUndefined()
  })

  it('are leased anew to the holder who asks again, as when the answer was lost', async () => {
    const first = await take(on.store, LINK, 'one')
    const second = await take(on.store, LINK, 'one', T0 + 1000)
    expect(second.fence).toBeGreaterThan(first.fence)
    expect(await on.store.renewLink(first, TTL, T0 + 1000)).toBe(false)
    expect(await on.store.holderOfLink(LINK, T0 + 1000 + TTL - 1)).toEqual(second)
  })

  it('share the fences of their desk, which grow whatever happens', async () => {
    const fences: number[] = []
    const grow = async (link: string, now: number) => {
      const lease = await take(on.store, link, `holder${fences.length}`, now)
      fences.push(lease.fence)
      await on.store.releaseLink(lease)
    }
    for (const link of ['chat/a', 'chat/b', 'chat/a', 'chat/c/1', 'chat/b']) await grow(link, T0)
    await grow('chat/a', T0 - DAY)
    await grow('chat/b', T0 + DAY)
    await grow('chat/c/1', T0)
    expect(new Set(fences).size).toBe(fences.length)
    expect(fences).toEqual(fences.toSorted((a, b) => a - b))
  })

  it('have fences no lower than the time, for the day the last one is lost', async () => {
    expect((await take(on.store, LINK, 'one')).fence).toBe(T0)
    expect((await take(on.store, 'chat/other', 'one')).fence).toBe(T0 + 1)
    expect((await take(on.store, 'genesys/line', 'one')).fence).toBe(T0)
  })

  it('are not mixed up with those of another name or desk', async () => {
    const links = ['chat/a', 'chat/b', 'chats/a', 'chat/fence', 'chat/lease']
    const leases = await Promise.all(links.map(link => take(on.store, link, `holder of ${link}`)))
    expect(await Promise.all(links.map(link => on.store.holderOfLink(link, T0)))).toEqual(leases)
  })

  it('have fences that go on growing after a crash', async () => {
    const lease = await take(on.store, LINK, 'one')
    const revived = await opened().crash()
    const next = await take(revived, LINK, 'two', T0 + TTL)
    expect(next.fence).toBeGreaterThan(lease.fence)
    expect((await take(revived, 'chat/other', 'two', T0 - DAY)).fence).toBeGreaterThan(next.fence)
    expect(await revived.renewLink(lease, TTL, T0 + TTL)).toBe(false)
  })
}
