import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Resolve } from '../../src/lib/address-guard.ts'
import { answering, CLOSED, createFetching, OPEN, serveBoth } from './file-servers.ts'

describe('a name', () => {
  it('is resolved once, and what was checked is what is connected to, whatever it resolves to the next time', async () => {
    const { open, asked } = await serveBoth()
    const resolve = answering([OPEN], [CLOSED])
    const { fetch, statuses } = createFetching({ resolve, connections: 1 })
    expect((await fetch(`http://rebind.example:${open.port}/a`))?.bytes.toString()).toBe('public')
    expect(resolve.asked).toBe(1)
    // Over the same connection, so at the same address.
    expect((await fetch(`http://rebind.example:${open.port}/b`))?.bytes.toString()).toBe('public')
    expect(resolve.asked).toBe(1)
    expect(asked).toEqual(['open', 'open'])
    expect(statuses).toEqual(['200', '200'])
  })

  it('is checked again for each new connection', async () => {
    const { open, asked } = await serveBoth((_port, path) => (path === '/a' ? '/b' : undefined))
    const resolve = answering([OPEN], [CLOSED])
    const { fetch, statuses } = createFetching({ resolve })
    expect(await fetch(`http://one.example:${open.port}/c`)).toBeDefined()
    expect(await fetch(`http://two.example:${open.port}/c`)).toBeUndefined()
    expect(asked).toEqual(['open'])
    expect(statuses).toEqual(['200', 'FORBIDDEN'])
  })

  it.each([
    ['one that is closed', [CLOSED]],
    ['an open one first', [OPEN, CLOSED]],
    ['an open one last', [CLOSED, OPEN]],
    ['a mapped one', [`::ffff:${CLOSED}`]],
    ['NAT64 to a closed one', [`64:ff9b::${CLOSED}`]],
    ['an IPv6 one of this machine', ['::1']],
    ['one of its own link', ['fe80::1%lo']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['something that is no address', ['localhost']],
  ])('is not followed to %s', async (_what, addresses) => {
    const { open, asked } = await serveBoth()
    const { fetch, statuses } = createFetching({ resolve: answering(addresses) })
    expect(await fetch(`http://trap.example:${open.port}/`)).toBeUndefined()
    expect(asked).toEqual([])
    expect(statuses).toEqual(['FORBIDDEN'])
  })

  it('may have several open addresses, of which one answers', async () => {
    const { open } = await serveBoth()
    const resolve = answering(['127.0.0.3', OPEN])
    const { fetch } = createFetching({ resolve, allow: [OPEN, '127.0.0.3'] })
    expect((await fetch(`http://many.example:${open.port}/`))?.bytes.toString()).toBe('public')
  })

  it.each([
    ['without addresses', answering([])],
    ['that cannot be resolved', ((_host, answer) => answer(new Error('SERVFAIL'), [])) as Resolve],
  ])('%s may have some later', async (_what, resolve) => {
    const { fetch } = createFetching({ resolve })
    await expect(fetch('http://nowhere.example/')).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  it('is what the server is told in TLS, not the address', async () => {
    const hello = Promise.withResolvers<string>()
    const server = createServer(socket =>
      socket.once('data', bytes => {
        hello.resolve(bytes.toString('latin1'))
        socket.destroy()
      }),
    ).listen(0, OPEN)
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { fetch } = createFetching({ resolve: answering([OPEN]) })
    await expect(fetch(`https://files.example:${port}/`)).rejects.toMatchObject({ transient: true })
    expect(await hello.promise).toContain('files.example')
  })
})

describe('an address', () => {
  const everyForm = [
    '127.0.0.2',
    '127.2',
    '0x7f000002',
    '0x7f.2',
    '2130706434',
    '0177.0.0.02',
    '017700000002',
    '127.0.0.2.',
    '①②⑦.0.0.2',
    '%31%32%37.0.0.2',
    '[::ffff:127.0.0.2]',
    '[::ffff:7f00:2]',
    '[0:0:0:0:0:ffff:7f00:0002]',
    '[64:ff9b::127.0.0.2]',
  ]
  it.each(everyForm)('is refused however it is written: %s', async host => {
    const { open, asked } = await serveBoth()
    const { fetch, statuses } = createFetching()
    expect(await fetch(`http://${host}:${open.port}/`)).toBeUndefined()
    expect(asked).toEqual([])
    expect(statuses).toEqual(['FORBIDDEN'])
  })

  it.each([
    '0.0.0.0',
    '0',
    '[::]',
    '[::1]',
    '169.254.169.254',
    '10.0.0.1',
    '[fd00::1]',
    '[fe80::1]',
    'localhost',
  ])('is refused where it leads to ourselves or next to us: %s', async host => {
    const { fetch, statuses } = createFetching({ allow: [] })
    expect(await fetch(`http://${host}/`)).toBeUndefined()
    expect(statuses).toEqual(['FORBIDDEN'])
  })

  it.each([
    ['with a password', 'http://user:pass@HOST/'],
    ['with a name', 'http://user@HOST/'],
    ['of another kind', 'ftp://HOST/'],
    ['on a port of another service', 'http://HOST25/'],
  ])('is refused %s', async (_what, pattern) => {
    const { open, asked } = await serveBoth()
    const { fetch, statuses } = createFetching()
    const url = pattern.replace('HOST25', `${OPEN}:25`).replace('HOST', `${OPEN}:${open.port}`)
    expect(await fetch(url)).toBeUndefined()
    expect(asked).toEqual([])
    expect(statuses).toEqual(['FORBIDDEN'])
  })

  it('is written to the log once, without what stands behind the host', async () => {
    const { fetch, log } = createFetching()
    await fetch('http://10.1.2.3/path-secret?token=query-secret#part-secret')
    expect(log.filter(({ level }) => Number(level) >= 40)).toEqual([
      expect.objectContaining({ host: '10.1.2.3', msg: 'a file is not fetched from there' }),
    ])
    expect(JSON.stringify(log)).not.toContain('-secret')
  })
})
