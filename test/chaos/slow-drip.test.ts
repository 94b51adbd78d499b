import Fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { type Faults, installFaults } from '../../simulators/lib/faults.ts'

describe('a slow drip', () => {
  const app = Fastify()
  const faults: Faults = installFaults(app)
  app.get('/api', async () => ({ text: 'añb' }))
  afterEach(() => app.close())

  it('sends the whole answer, a byte at a time', async () => {
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    faults.add({ kind: 'slow-drip', ms: 20, route: '/api', times: 1 })
    const response = await fetch(`${url}/api`)
    const chunks: number[] = []
    for await (const chunk of response.body ?? []) chunks.push(chunk.length)
    const whole = Buffer.byteLength('{"text":"añb"}')
    expect(chunks.reduce((sum, length) => sum + length, 0)).toBe(whole)
    expect(chunks.length).toBeGreaterThan(1)
    expect(await (await fetch(`${url}/api`)).json()).toEqual({ text: 'añb' })
  })
})
