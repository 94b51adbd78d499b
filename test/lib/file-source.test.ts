import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFileSource, MAX_FILE_BYTES } from '../../src/lib/file-source.ts'
import { createHttpDoor } from '../../src/lib/http-door.ts'

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function fetchFile(url: string, signal = new AbortController().signal) {
  const door = createHttpDoor({ account: 'files', clock: { now: Date.now }, breaker: 'off' })
  onTestFinished(() => door.close())
  return createFileSource(door).fetch(url, { signal, log: pino({ level: 'silent' }), attempt: 1 })
}

describe('a file', () => {
  it('is fetched with its type, without parameters and without credentials', async () => {
    const url = await serve(({ headers }, response) => {
      expect(headers.authorization).toBeUndefined()
      response.setHeader('content-type', 'image/png; charset=binary').end('PNG')
    })
    expect(await fetchFile(url)).toEqual({ bytes: Buffer.from('PNG'), contentType: 'image/png' })
  })

  it('is fetched over a few redirects, and not over many', async () => {
    const url = await serve(({ url: path }, response) => {
      const left = Number(path?.slice(1))
      if (left === 0) response.end('there')
      else response.writeHead(302, { location: `/${left - 1}` }).end()
    })
    expect((await fetchFile(`${url}/3`))?.bytes.toString()).toBe('there')
    expect(await fetchFile(`${url}/4`)).toBeUndefined()
  })

  it('of exactly the largest size is fetched, one byte more is not', async () => {
    const url = await serve(({ url: path }, response) =>
      response.end(Buffer.alloc(MAX_FILE_BYTES + Number(path?.slice(1)))),
    )
    expect((await fetchFile(`${url}/0`))?.bytes.length).toBe(MAX_FILE_BYTES)
    expect(await fetchFile(`${url}/1`)).toBeUndefined()
  })

  it.each([401, 403, 404, 410])('is not to be had when its host answers %i', async status => {
    expect(
      await fetchFile(await serve((_request, response) => response.writeHead(status).end())),
    ).toBeUndefined()
  })

  it.each([429, 500, 503])('may be had later when its host answers %i', async status => {
    const url = await serve((_request, response) => response.writeHead(status).end())
    await expect(fetchFile(url)).rejects.toMatchObject({ transient: true })
  })

  it.each(['file:///etc/passwd', 'data:text/plain,x', 'ftp://127.0.0.1/x', 'no address'])(
    '%s is never opened',
    async url => {
      expect(await fetchFile(url)).toBeUndefined()
    },
  )

  it('is given up when the caller is', async () => {
    const caller = new AbortController()
    const url = await serve(() => caller.abort())
    await expect(fetchFile(url, caller.signal)).rejects.toMatchObject({ code: 'TIMEOUT' })
  })
})
