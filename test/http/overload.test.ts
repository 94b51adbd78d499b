import { request } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { answerErrors } from '../../src/http/error-handler.ts'
import { type OverloadLimits, refuseWhenOverloaded } from '../../src/http/overload.ts'
import type { ProbeDoor } from '../../src/http/routes/health.ts'
import { until } from '../support/until.ts'

const LIMITS: OverloadLimits = { requests: 3, bytes: 1_000 }
const PROBES: ProbeDoor = {
  ready: async () => undefined,
  links: () => ({}),
  metrics: async () => ({ contentType: '', text: '' }),
}

let app: FastifyInstance
const waiting: (() => void)[] = []
afterEach(async () => {
  for (const done of waiting.splice(0)) done()
  await app.close()
})

/** A service whose work lasts until it is told to be done. */
async function start(tightness: (bytes: number) => string | undefined = () => undefined) {
  app = Fastify()
  answerErrors(app)
  const probes = refuseWhenOverloaded(app, PROBES, { tightness: (bytes = 0) => tightness(bytes) }, LIMITS)
  app.post('/work', { bodyLimit: 800 }, () => new Promise(resolve => waiting.push(() => resolve('done'))))
  app.get('/look', async () => 'seen')
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return { url, probes, post: (body: string) => fetch(`${url}/work`, { method: 'POST', body }) }
}

const headers = { 'content-type': 'text/plain' }

describe('too much at a time', () => {
  it('is refused by the number of requests, until one is over', async () => {
    const { url, post, probes } = await start()
    const taken = [post(''), post(''), post('')]
    await until('three are under way', () => waiting.length === 3)
    const refused = await post('')
    expect(refused.status).toBe(503)
    expect(await refused.json()).toEqual({
      status_code: 503,
      status: 'unavailable',
      msg: 'overloaded, nothing was taken: 3 requests are under way; send it again a little later',
    })
    expect(refused.headers.has('retry-after')).toBe(false)
    await expect(probes.ready()).rejects.toThrow('3 requests are under way')
    expect((await fetch(`${url}/look`)).status).toBe(200)
    waiting.shift()?.()
    expect((await Promise.race(taken)).status).toBe(200)
    await expect(probes.ready()).resolves.toBeUndefined()
    void post('')
    await until('there is room again', () => waiting.length === 3)
  })

  it('is refused by what the bodies come to, but one alone is taken', async () => {
    const { post } = await start()
    void post('x'.repeat(700))
    await until('one is under way', () => waiting.length === 1)
    expect((await post('x'.repeat(400))).status).toBe(503)
    void post('x'.repeat(200))
    await until('two are under way', () => waiting.length === 2)
  })

  it('counts a body that does not say its length as the largest there may be', async () => {
    const { url, post } = await start()
    const open = request(`${url}/work`, { method: 'POST', headers })
    open.on('error', () => undefined)
    open.write('x')
    await until(
      'it is refused because of the open one',
      async () => (await post('x'.repeat(400))).status === 503,
    )
    open.destroy()
    await until('who has hung up is no longer counted', async () => {
      void post('x'.repeat(400)).catch(() => undefined)
      return waiting.length > 0
    })
  })

  it('is refused when memory is tight, with what is about to come on the heap', async () => {
    const { post, probes } = await start(bytes => (bytes > 3_000 ? 'it is tight' : undefined))
    void post('x'.repeat(300))
    await until('one is under way', () => waiting.length === 1)
    const refused = await post('x'.repeat(300))
    expect(refused.status).toBe(503)
    expect(await refused.json()).toHaveProperty('msg', expect.stringContaining('it is tight'))
    await expect(probes.ready()).resolves.toBeUndefined()
  })
})
