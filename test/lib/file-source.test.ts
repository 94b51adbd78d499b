import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { MAX_FILE_BYTES } from '../../src/lib/file-source.ts'
import { createFetching, serve } from './file-servers.ts'

function fetchFile(url: string, signal?: AbortSignal) {
  return createFetching(signal && { signal }).fetch(url)
}

describe('a file', () => {
  it('is fetched with its type, without parameters and without credentials', async () => {
    const { url } = await serve(({ headers }, response) => {
      expect(headers.authorization).toBeUndefined()
      response.setHeader('content-type', 'image/png; charset=binary').end('PNG')
    })
    expect(await fetchFile(url)).toEqual({ bytes: Buffer.from('PNG'), contentType: 'image/png' })
  })

  it('is fetched without the cookies its host wants kept, or what it asks for', async () => {
    const seen: string[] = []
    const { url } = await serve(({ url: path, rawHeaders }, response) => {
      seen.push(...rawHeaders.filter((_, index) => index % 2 === 0).map(name => name.toLowerCase()))
      const headers = { location: '/there', 'set-cookie': 'a=b', 'www-authenticate': 'Basic' }
      response.writeHead(path === '/' ? 302 : 200, headers).end('there')
    })
    expect((await fetchFile(url))?.bytes.toString()).toBe('there')
    expect(new Set(seen)).toEqual(new Set(['host', 'connection', 'accept', 'accept-encoding']))
  })

  it('is fetched over a few redirects, and not over many', async () => {
    const { url } = await serve(({ url: path }, response) => {
      const left = Number(path?.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    })
    expect((await fetchFile(`${url}/3`))?.bytes.toString()).toBe('there')
    expect(await fetchFile(`${url}/4`)).toBeUndefined()
  })

  it('is not followed round in circles', async () => {
    let asked = 0
    const { url } = await serve((_request, response) => {
      asked += 1
      response.writeHead(302, { location: '/' }).end()
    })
    expect(await fetchFile(url)).toBeUndefined()
    expect(asked).toBe(4)
  })

  it('of exactly the largest size is fetched, one byte more is not', async () => {
    const { url } = await serve(({ url: path }, response) =>
      response.end(Buffer.alloc(MAX_FILE_BYTES + Number(path?.slice(1)))),
    )
    expect((await fetchFile(`${url}/0`))?.bytes.length).toBe(MAX_FILE_BYTES)
    expect(await fetchFile(`${url}/1`)).toBeUndefined()
  })

  it('without end is left when it is too large, although nobody said how large it is', async () => {
    const closed = Promise.withResolvers<void>()
    const { url } = await serve((_request, response) => {
      response.on('close', closed.resolve)
      pourOut(response)
    })
    const limits = { timeoutMs: 15_000, maxBytes: 1_000_000 }
    expect(await createFetching({ limits }).fetch(url)).toBeUndefined()
    await closed.promise
  })

  it('is no larger for what its redirects say', async () => {
    const { url } = await serve(({ url: path }, response) =>
      response.writeHead(path === '/' ? 302 : 200, { location: '/there' }).end(Buffer.alloc(600)),
    )
    const { fetch } = createFetching({ limits: { timeoutMs: 15_000, maxBytes: 1_000 } })
    expect(await fetch(url)).toBeUndefined()
    expect((await fetch(`${url}/there`))?.bytes.length).toBe(600)
  })

  it('that comes in drops is waited for no longer than the rest, redirects and all', async () => {
    const { url } = await serve(({ url: path }, response) => {
      if (path === '/drops') drip(response)
      else setTimeout(() => response.writeHead(302, { location: path?.slice(3) }).end(), 200)
    })
    const { fetch, statuses } = createFetching({ limits: { timeoutMs: 400, maxBytes: 1_000 } })
    const started = performance.now()
    await expect(fetch(`${url}/drops`)).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(fetch(`${url}/go/go/drops`)).rejects.toMatchObject({ code: 'TIMEOUT' })
    expect(performance.now() - started).toBeLessThan(2 * 400 + 400)
    expect(statuses.at(-1)).toBe('TIMEOUT')
  })

  it('that is packed although nobody asked is not unpacked, and not taken for the file', async () => {
    const packed = gzipSync(Buffer.alloc(MAX_FILE_BYTES * 2))
    const { url } = await serve(({ headers }, response) => {
      expect(headers['accept-encoding']).toBe('identity')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
    })
    const { fetch, statuses } = createFetching({ limits: { timeoutMs: 15_000, maxBytes: packed.length } })
    expect(await fetch(url)).toBeUndefined()
    expect(statuses).toEqual(['200'])
  })

  it.each([401, 403, 404, 410])('is not to be had when its host answers %i', async status => {
    const { url } = await serve((_request, response) => response.writeHead(status).end())
    expect(await fetchFile(url)).toBeUndefined()
  })

  it.each([429, 500, 503])('may be had later when its host answers %i', async status => {
    const { url } = await serve((_request, response) => response.writeHead(status).end())
    await expect(fetchFile(url)).rejects.toMatchObject({ transient: true })
  })

  it.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://127.0.0.1/x', 'no address', 'http://'])(
    '%s is never opened',
    async url => {
      expect(await fetchFile(url)).toBeUndefined()
    },
  )

  it('is given up when the caller is', async () => {
    const caller = new AbortController()
    const { url } = await serve(() => caller.abort())
    await expect(fetchFile(url, caller.signal)).rejects.toMatchObject({ code: 'TIMEOUT' })
  })
})

function pourOut(response: ServerResponse): void {
  const pour = () => {
    while (response.write(POUR));
  }
  response.on('drain', pour)
  pour()
}

const POUR = Buffer.alloc(65_536)

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write('.'), 20)
  response.on('close', () => clearInterval(timer))
}
