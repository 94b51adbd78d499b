import Fastify from 'fastify'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createFaultSet, type Fault, seededRandom } from '../../simulators/lib/fault-set.ts'
import { type Faults, installFaults } from '../../simulators/lib/faults.ts'

async function startServer() {
  const app = Fastify({ forceCloseConnections: true })
  const tooManyRequests = (resetMs: number) => ({ headers: { 'x-reset': resetMs }, body: { wait: resetMs } })
  const faults = installFaults(app, { tooManyRequests })
  const handled: string[] = []
  for (const path of ['/one', '/two'])
    app.all(path, request => {
      handled.push(request.method)
      return { path }
    })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => app.close())
  return { app, url, faults, handled }
}

const codeOf = async (url: string) => {
  try {
    return (await fetch(url)).status
  } catch (error) {
    return (error as { cause: { code: string } }).cause.code
  }
}

describe('on requests', () => {
  test.each<[Fault, number, string, string]>([
    [{ kind: 'server-error' }, 500, 'text/plain', 'Internal Server Error'],
    [{ kind: 'bad-gateway' }, 502, 'text/html', '<html>'],
    [{ kind: 'too-many-requests', resetMs: 900 }, 429, 'application/json', '{"wait":900}'],
  ])('%j answers instead of the handler', async (fault, status, type, text) => {
    const { url, faults, handled } = await startServer()
    faults.add(fault)
    const answer = await fetch(`${url}/one`)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toContain(type)
    expect(await answer.text()).toContain(text)
    expect(handled).toEqual([])
  })

  test.each<[Fault['kind'], number]>([
    ['reset-before', 0],
    ['reset-after', 1],
  ])('%s cuts the connection, with the handler run %i times', async (kind, times) => {
    const { url, faults, handled } = await startServer()
    faults.add({ kind } as Fault)
    await expect(fetch(`${url}/one`, { method: 'POST', body: 'x' })).rejects.toThrow('fetch failed')
    expect(handled).toHaveLength(times)
  })

  test('half-json is half of the answer', async () => {
    const { url, faults } = await startServer()
    faults.add({ kind: 'half-json' })
    const answer = await fetch(`${url}/one`)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toBe('{"path"')
  })

  test('stall never answers', async () => {
    const { url, faults, handled } = await startServer()
    faults.add({ kind: 'stall' })
    const caller = new AbortController()
    const answer = fetch(`${url}/one`, { signal: caller.signal })
    await vi.waitUntil(() => faults.list()[0]?.fired === 1)
    expect(await codeOf(`${url}/__faults`)).toBe(200)
    expect(handled).toEqual([])
    caller.abort()
    await expect(answer).rejects.toThrow('aborted')
  })

  test('slow answers, later', async () => {
    const { url, faults, handled } = await startServer()
    faults.add({ kind: 'slow', ms: 40 })
    const before = performance.now()
    expect(await codeOf(`${url}/one`)).toBe(200)
    expect(performance.now() - before).toBeGreaterThanOrEqual(39)
    expect(handled).toEqual(['GET'])
  })

  test('slow and then another fault', async () => {
    const { url, faults } = await startServer()
    faults.add({ kind: 'slow', ms: 1 })
    faults.add({ kind: 'server-error' })
    expect(await codeOf(`${url}/one`)).toBe(500)
  })
})

describe('where and how often', () => {
  test('route, method and times narrow a fault', async () => {
    const { url, faults } = await startServer()
    const id = faults.add({ kind: 'server-error', route: '/t*', method: 'get', times: 2 })
    expect(await codeOf(`${url}/one`)).toBe(200)
    expect((await fetch(`${url}/two`, { method: 'DELETE' })).status).toBe(200)
    expect([await codeOf(`${url}/two?x=1`), await codeOf(`${url}/two`), await codeOf(`${url}/two`)]).toEqual([
      500, 500, 200,
    ])
    expect(faults.list()).toMatchObject([{ id, fired: 2 }])
  })

  test('a probability follows its seed', () => {
    const strikes = (seed: number) => {
      const faults = createFaultSet()
      faults.add({ kind: 'stall', probability: 0.3, seed })
      return Array.from({ length: 100 }, () => faults.strike('before', 'GET', '/').length)
    }
    const random = seededRandom(7)
    expect(strikes(7)).toEqual(Array.from({ length: 100 }, () => (random() < 0.3 ? 1 : 0)))
    expect(strikes(8)).not.toEqual(strikes(7))
  })

  test('dots and brackets of a route are no pattern', () => {
    const faults = createFaultSet()
    faults.add({ kind: 'stall', route: '/room.close' })
    expect(faults.strike('before', 'GET', '/room-close')).toEqual([])
    expect(faults.strike('before', 'GET', '/room.close')).toHaveLength(1)
  })
})

describe('over HTTP', () => {
  const control = (url: string, method: string, body?: unknown) =>
    fetch(`${url}`, {
      method,
      ...(body !== undefined && {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    })

  test('faults are planted, listed and removed, and never strike the control path', async () => {
    const { url } = await startServer()
    const planted = await control(`${url}/__faults`, 'POST', { kind: 'server-error' })
    const { id } = (await planted.json()) as { id: string }
    expect(await codeOf(`${url}/one`)).toBe(500)
    const list = await (await control(`${url}/__faults`, 'GET')).json()
    expect(list).toEqual({ faults: [{ kind: 'server-error', id, fired: 1 }] })
    await control(`${url}/__faults/${id}`, 'DELETE')
    expect(await codeOf(`${url}/one`)).toBe(200)
    await control(`${url}/__faults`, 'POST', { kind: 'server-error' })
    await control(`${url}/__faults`, 'DELETE')
    expect(await codeOf(`${url}/one`)).toBe(200)
  })

  test.each([{ kind: 'rain' }, { kind: 'slow' }, { kind: 'stall', typo: 1 }])(
    '%j is refused',
    async fault => {
      const { url, faults } = await startServer()
      expect((await control(`${url}/__faults`, 'POST', fault)).status).toBe(400)
      expect(faults.list()).toEqual([])
    },
  )

  test('down for a time, then up again by itself', async () => {
    const { url } = await startServer()
    await control(`${url}/__faults/down`, 'POST', { ms: 60 })
    await vi.waitUntil(async () => (await codeOf(`${url}/one`)) === 'ECONNREFUSED', { interval: 2 })
    await vi.waitUntil(async () => (await codeOf(`${url}/one`)) === 200)
  })
})

test('down refuses connections and up takes the same port again', async () => {
  const { url, faults } = await startServer()
  expect(await codeOf(`${url}/one`)).toBe(200)
  await faults.down()
  await faults.down()
  await vi.waitUntil(async () => (await codeOf(`${url}/one`)) === 'ECONNREFUSED')
  await faults.up()
  expect(await codeOf(`${url}/one`)).toBe(200)
})

test('down cuts what is in flight', async () => {
  const { url, faults } = await startServer()
  faults.add({ kind: 'stall' })
  const outcome = codeOf(`${url}/one`)
  await vi.waitUntil(() => faults.list()[0]?.fired === 1)
  await faults.down()
  expect(await outcome).toMatch(/ECONNRESET|UND_ERR_SOCKET/)
})

test('a server that is stopped while down stays down', async () => {
  const { app, url, faults } = await startServer()
  await faults.down()
  await app.close()
  await faults.up()
  await expect(fetch(`${url}/one`)).rejects.toThrow('fetch failed')
})

describe('on webhooks', () => {
  const sendThree = async (plant: (faults: Faults) => void) => {
    const { faults } = await startServer()
    plant(faults)
    const sent: string[] = []
    for (const name of ['a', 'b', 'c'])
      await faults.webhooks.pass(name, async () => {
        sent.push(name)
      })
    await faults.webhooks.flush()
    return sent.join('')
  }

  test.each<[Fault, string]>([
    [{ kind: 'drop', route: 'b' }, 'ac'],
    [{ kind: 'duplicate', route: 'b' }, 'abbc'],
    [{ kind: 'reorder', route: 'a' }, 'bac'],
    [{ kind: 'reorder', route: 'c' }, 'abc'],
    [{ kind: 'delay', route: 'a', ms: 5 }, 'abc'],
    [{ kind: 'server-error' }, 'abc'],
  ])('%j sends %s', async (fault, expected) => {
    expect(await sendThree(faults => faults.add(fault))).toBe(expected)
  })
})
