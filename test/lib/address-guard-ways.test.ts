import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { createAddressGuard } from '../../src/lib/address-guard.ts'
import { createAllowList } from '../../src/lib/allow-list.ts'
import { createFileSource } from '../../src/lib/file-source.ts'
import type { HttpDoor } from '../../src/lib/http-door.ts'
import { answering, CLOSED, createFetching, OPEN, serve, serveBoth } from './file-servers.ts'

describe('a redirect', () => {
  it.each([
    ['to a closed address', (port: number) => `http://${CLOSED}:${port}/`],
    ['to a name of one', (port: number) => `http://trap.example:${port}/`],
    ['with a password', (port: number) => `http://user:pass@${OPEN}:${port}/there`],
    ['to a file', () => 'file:///etc/passwd'],
    ['to another port', () => `http://${OPEN}:22/`],
  ])('is not followed %s', async (_what, location) => {
    const { open, asked } = await serveBoth(location)
    const { fetch, statuses } = createFetching({ resolve: answering([CLOSED]) })
    expect(await fetch(`${open.url}/`)).toBeUndefined()
    expect(asked).toEqual(['open'])
    expect(statuses).toEqual(['302', 'FORBIDDEN'])
  })

  it('is followed to another open name', async () => {
    const { open } = await serveBoth((port, path) =>
      path === '/' ? `//other.example:${port}/there` : undefined,
    )
    const { fetch, statuses } = createFetching({ resolve: answering([OPEN]) })
    expect((await fetch(`${open.url}/`))?.bytes.toString()).toBe('public')
    expect(statuses).toEqual(['302', '200'])
  })
})

describe('what an operator has named', () => {
  const local = answering([CLOSED])
  it.each<[string, string[], string]>([
    ['an address', [CLOSED], CLOSED],
    ['a range', ['127.0.0.0/8'], CLOSED],
    ['a range, for a name that leads there', ['127.0.0.0/8'], 'name.local'],
    ['a host', ['name.local'], 'NAME.local'],
    ['a host, with the dot at its end', ['name.local'], 'name.local.'],
    ['all hosts below one', ['*.local'], 'a.name.local'],
  ])('is open: %s', async (_what, allow, host) => {
    const { open, asked } = await serveBoth()
    const { fetch } = createFetching({ allow, resolve: local })
    expect(await fetch(`http://${host}:${open.port}/`)).toBeDefined()
    expect(asked).toEqual(['closed'])
  })

  it.each<[string, string[], string]>([
    ['its neighbour', [OPEN], CLOSED],
    ['another host', ['name.local'], 'other.local'],
    ['the host above', ['*.local'], 'local'],
    ['the address of a host that was named', ['name.local'], CLOSED],
  ])('opens no other: %s', async (_what, allow, host) => {
    const { open, asked } = await serveBoth()
    const { fetch, statuses } = createFetching({ allow, resolve: local })
    expect(await fetch(`http://${host}:${open.port}/`)).toBeUndefined()
    expect(asked).toEqual([])
    expect(statuses).toEqual(['FORBIDDEN'])
  })

  it('is the address of a desk or bot, on its own port only', async () => {
    const { open, closed, asked } = await serveBoth()
    const other = await serve((_request, response) => response.end('SECRET'), CLOSED)
    const known = [`${closed.url}/api`, `https://desk.local:${open.port}`, '']
    const { fetch } = createFetching({ known, resolve: local })
    expect(await fetch(`${closed.url}/file`)).toBeDefined()
    expect(await fetch(`http://desk.local:${open.port}/file`)).toBeDefined()
    expect(asked).toEqual(['closed', 'closed'])
    expect(await fetch(`${other.url}/file`)).toBeUndefined()
    expect(await fetch(`http://desk.local:${other.port}/file`)).toBeUndefined()
  })
})

describe('https', () => {
  it('is not left for http, not even on the way to a host that is named', () => {
    const { check } = createAddressGuard({ allow: createAllowList(['a.example']), known: [] })
    const to = (address: string, from?: string) => () => check(new URL(address), from)
    expect(to('http://a.example/', 'https://a.example/')).toThrow('https was left')
    expect(to('https://a.example/', 'https://a.example/')).not.toThrow()
    expect(to('https://a.example/', 'http://a.example/')).not.toThrow()
    expect(to('http://a.example/', 'http://a.example/')).not.toThrow()
    expect(to('http://a.example/')).not.toThrow()
  })

  it('is told of by each redirect', async () => {
    const asked: (string | undefined)[] = []
    const send: HttpDoor['send'] = async ({ url, redirectedFrom }) => {
      asked.push(redirectedFrom)
      const headers = { location: 'http://c.example/' }
      return {
        status: url.includes('a.example') ? 302 : 200,
        headers,
        bytes: Buffer.alloc(0),
        json: () => undefined,
      }
    }
    const call = { signal: new AbortController().signal, log: pino({ level: 'silent' }), attempt: 1 }
    await createFileSource({ send, close: async () => undefined }).fetch('https://a.example/', call)
    expect(asked).toEqual([undefined, 'https://a.example/'])
  })
})
