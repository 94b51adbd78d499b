import pino from 'pino'
import { FormData } from 'undici'
import { describe, expect, it } from 'vitest'
import { type BulkheadOptions, limitDoor, limitLink } from '../../src/lib/bulkhead.ts'
import type { HttpDoor, OutgoingCall, Reply } from '../../src/lib/http-door.ts'

const NOW = 1_000_000
const REPLY: Reply = { status: 200, headers: {}, bytes: Buffer.alloc(0), json: () => undefined }

type About = { urgent?: boolean; url?: string; body?: string | FormData }

function askedFor({ urgent = false, url = 'http://desk.test/say', body }: About = {}): OutgoingCall {
  const call = { signal: new AbortController().signal, log: pino({ level: 'silent' }), attempt: 1, urgent }
  return { method: 'POST', route: 'say', url, call, ...(body === undefined ? {} : { body }) }
}

/** A door behind which everything waits until it is told to be done. */
function hangingDoor(options: Partial<BulkheadOptions> = {}) {
  const under = { way: [] as (() => void)[], now: NOW }
  const door: HttpDoor = {
    send: () => new Promise(resolve => under.way.push(() => resolve(REPLY))),
    close: async () => undefined,
  }
  const clock = { now: () => under.now }
  return { under, door: limitDoor(door, { account: 'desk', clock, places: 4, kept: 1, ...options }) }
}

const many = (count: number): undefined[] => Array.from({ length: count })

describe('the places of one account', () => {
  it('are refused at once when they are taken, as something to come back for', async () => {
    const { door, under } = hangingDoor()
    const sent = many(3).map(() => door.send(askedFor()))
    const refused = door.send(askedFor())
    await expect(refused).rejects.toMatchObject({ code: 'THROTTLED', neverArrived: true })
    await expect(refused).rejects.toHaveProperty('retryAt', NOW + 250)
    expect(under.way).toHaveLength(3)
    for (const done of under.way) done()
    expect(await Promise.all(sent)).toEqual([REPLY, REPLY, REPLY])
  })

  it('are free again after an answer, and after a failure', async () => {
    const { door, under } = hangingDoor({ places: 1, kept: 0 })
    const first = door.send(askedFor())
    under.way[0]?.()
    await first
    const second = door.send(askedFor())
    under.way[1]?.()
    await expect(second).resolves.toBe(REPLY)
    const broken = limitDoor(
      { send: () => Promise.reject(new Error('broken')), close: async () => undefined },
      { account: 'desk', clock: { now: () => NOW }, places: 1 },
    )
    await expect(broken.send(askedFor())).rejects.toThrow('broken')
    await expect(broken.send(askedFor())).rejects.toThrow('broken')
  })

  it('are kept for those somebody waits for', async () => {
    const { door, under } = hangingDoor()
    for (const _ of many(3)) void door.send(askedFor())
    await expect(door.send(askedFor())).rejects.toHaveProperty('code', 'THROTTLED')
    void door.send(askedFor({ urgent: true }))
    expect(under.way).toHaveLength(4)
    await expect(door.send(askedFor({ urgent: true }))).rejects.toHaveProperty('code', 'THROTTLED')
  })

  it('are not all given to one host', async () => {
    const { door, under } = hangingDoor({ perHost: 1, kept: 0 })
    void door.send(askedFor({ url: 'http://one.test/1' }))
    await expect(door.send(askedFor({ url: 'http://one.test/2' }))).rejects.toHaveProperty(
      'code',
      'THROTTLED',
    )
    void door.send(askedFor({ url: 'http://two.test/1' }))
    expect(under.way).toHaveLength(2)
  })

  it('are fewer when the answers need more memory than there is; one alone always finds its place', async () => {
    const { door, under } = hangingDoor({ heavy: Number.MAX_SAFE_INTEGER, kept: 0 })
    void door.send(askedFor())
    await expect(door.send(askedFor())).rejects.toHaveProperty('code', 'THROTTLED')
    expect(under.way).toHaveLength(1)
  })

  it('are fewer for what is large; one alone always finds its place', async () => {
    const { door, under } = hangingDoor()
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(40 * 1024 * 1024)]))
    void door.send(askedFor({ body: form }))
    await expect(door.send(askedFor({ body: form }))).rejects.toHaveProperty('code', 'THROTTLED')
    void door.send(askedFor({ body: 'small' }))
    expect(under.way).toHaveLength(2)
  })

  it('are offered again the later, the longer calls take and the more are refused', async () => {
    const { door, under } = hangingDoor({ places: 1, kept: 0 })
    const slow = door.send(askedFor())
    under.now += 7_000
    under.way[0]?.()
    await slow
    void door.send(askedFor())
    const turns = await Promise.all(
      many(100).map(() => door.send(askedFor()).catch((error: { retryAt: number }) => error.retryAt)),
    )
    expect(turns).toEqual(turns.toSorted())
    expect(new Set(turns.slice(0, 40)).size).toBe(40)
    expect(turns.at(-1)).toBe(under.now + 20_000)
  })

  it('count for its links too', async () => {
    const asked: string[] = []
    const hanging = { ask: (name: string) => new Promise(() => asked.push(name)) }
    const door = limitLink(hanging, { account: 'desk', clock: { now: () => NOW }, places: 1 })
    void door.ask('first', {}, askedFor().call as never)
    await expect(door.ask('second', {}, askedFor().call as never)).rejects.toHaveProperty('code', 'THROTTLED')
    expect(asked).toEqual(['first'])
  })
})
