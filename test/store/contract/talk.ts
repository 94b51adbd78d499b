import { expect, it } from 'vitest'
import { until } from '../../support/until.ts'
import type { Subject } from '../fixtures.ts'

export function describeTalk(on: Subject): void {
  /** Each is told through one node of a cluster, and so many through all of them. */
  const LAST = Array.from({ length: 40 }, (_, n) => `the last ${n}`)

  /** Resolves when everything told before has been heard. */
  async function settleDown(): Promise<void> {
    const heard: string[] = []
    const deafen = await Promise.all(LAST.map(name => on.store.hear(name, text => heard.push(text))))
    await Promise.all(LAST.map(name => on.store.tell(name, 'word')))
    await until('all is heard', () => heard.length >= LAST.length)
    await Promise.all(deafen.map(one => one()))
  }

  it('is heard on its channel, in order, by all who listen', async () => {
    const heard: string[] = []
    await on.store.hear('a', text => heard.push(`first ${text}`))
    await on.store.hear('a', text => heard.push(`second ${text}`))
    await on.store.hear('b', text => heard.push(`other ${text}`))
    const texts = ['1', '', '{"é":"\\n🐈"}', 'x'.repeat(100_000), '5']
    for (const text of texts) await on.store.tell('a', text)
    await settleDown()
    expect(heard.filter(line => line.startsWith('first'))).toEqual(texts.map(text => `first ${text}`))
    expect(heard.filter(line => line.startsWith('second'))).toEqual(texts.map(text => `second ${text}`))
    expect(heard).toHaveLength(2 * texts.length)
  })

  it('may be heard by nobody, and is not kept', async () => {
    const heard: string[] = []
    await expect(on.store.tell('a', 'before')).resolves.toBeUndefined()
    await settleDown()
    await on.store.hear('a', text => heard.push(text))
    await on.store.tell('a', 'after')
    await settleDown()
    expect(heard).toEqual(['after'])
  })

  it('is never heard before the one who tells has gone on', async () => {
    const order: string[] = []
    await on.store.hear('a', () => order.push('heard'))
    const telling = on.store.tell('a', 'word')
    order.push('told')
    await telling
    await settleDown()
    expect(order).toEqual(['told', 'heard'])
  })

  it('is heard no more after that was given up, by others it is', async () => {
    const heard: string[] = []
    const hear = (name: string) => on.store.hear('a', text => heard.push(`${name} ${text}`))
    const [deafen] = [await hear('first'), await hear('second')]
    for (const _ of [1, 2]) await deafen()
    await on.store.tell('a', '1')
    await settleDown()
    expect(heard).toEqual(['second 1'])
    await hear('third')
    await on.store.tell('a', '2')
    await settleDown()
    expect(heard).toEqual(['second 1', 'second 2', 'third 2'])
  })

  it('is not heard by whoever gives up listening before it has arrived', async () => {
    const heard: string[] = []
    const deafen = await on.store.hear('a', text => heard.push(text))
    await Promise.all([on.store.tell('a', 'too late'), deafen()])
    await settleDown()
    expect(heard).toEqual([])
  })

  it('is heard once for each time the same function was given', async () => {
    const heard: string[] = []
    const note = (text: string) => void heard.push(text)
    const deafen = await on.store.hear('a', note)
    await on.store.hear('a', note)
    await on.store.tell('a', '1')
    await settleDown()
    expect(heard).toEqual(['1', '1'])
    await deafen()
    await on.store.tell('a', '2')
    await settleDown()
    expect(heard).toEqual(['1', '1', '2'])
  })

  it('reaches the others when one who hears it throws', async () => {
    const heard: string[] = []
    await on.store.hear('a', () => {
      throw new Error('not listening')
    })
    await on.store.hear('a', text => heard.push(text))
    await on.store.tell('a', '1')
    await on.store.tell('a', '2')
    await settleDown()
    expect(heard).toEqual(['1', '2'])
  })

  it('is over once the store is closed', async () => {
    const deafen = await on.store.hear('a', () => undefined)
    await on.store.close()
    const unavailable = { code: 'STORE_UNAVAILABLE' }
    await expect(on.store.tell('a', '1')).rejects.toMatchObject(unavailable)
    await expect(on.store.hear('a', () => undefined)).rejects.toMatchObject(unavailable)
    await expect(deafen()).resolves.toBeUndefined()
  })
}
