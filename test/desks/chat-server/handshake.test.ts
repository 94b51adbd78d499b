import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import {
  aCall,
  expectError,
  openTalk,
  type Replica,
  startReplica,
  startServer,
  strike,
  textsOf,
  toSending,
} from './support.ts'

afterEach(strike)

const connected = (replica: Replica) => until('it is connected', () => replica.link.state === 'connected')
const stopped = (replica: Replica) => until('the link stops', () => replica.link.error)

const TRANSPORTS = [['polling'], ['websocket'], ['polling', 'websocket']]

test.each(TRANSPORTS.map(transports => ({ transports })))(
  'protocol 2 with $transports',
  async ({ transports }) => {
    const server = await startServer({ protocol: 2 })
    const replica = startReplica(server.url, { socket_protocol: 2, transports })
    await connected(replica)
    const talk = await openTalk(replica)
    await replica.desk.sendToAgent(toSending(talk.session, { text: 'hello' }), aCall())
    server.drop('server')
    await until('it has joined again', () => server.conversationOf(talk.id)?.joins === 2)
    server.say(talk.id, 'hi')
    await until('the client has heard', () => textsOf(replica.book, talk.session.id).length > 0)
    await replica.desk.closeConversation(talk.session, 'bot', aCall())
    expect(server.said(talk.id).map(({ text }) => text)).toEqual(['hello', 'hi'])
    expect(textsOf(replica.book, talk.session.id)).toEqual(['hi'])
    expect(server.conversationOf(talk.id)?.isOpen).toBe(false)
  },
)

test('protocol 2 at a server that takes both', async () => {
  const server = await startServer({ allowEIO3: true })
  await connected(startReplica(server.url, { socket_protocol: 2 }))
})

test.each(
  TRANSPORTS.flatMap(transports => [
    { server: 2 as const, ours: 4, transports },
    { server: 4 as const, ours: 2, transports },
  ]),
)('names the setting when a server of $server is met with $ours over $transports', async row => {
  const server = await startServer({ protocol: row.server })
  const replica = startReplica(server.url, { socket_protocol: row.ours, transports: row.transports })
  expectError(await stopped(replica), 'MISCONFIGURED', `write socket_protocol = ${row.server}`)
})

test.each([4, 2] as const)('credentials, with protocol %s', async protocol => {
  const settings = { accessHeader: { name: 'X-Key', value: 'k1' }, auth: { token: 't1' } }
  const server = await startServer({ protocol, settings })
  const given = { socket_protocol: protocol, headers: { 'X-Key': 'k1' }, auth: { token: 't1' } }
  const replica = startReplica(server.url, given)
  await connected(replica)
  await openTalk(replica)
  const noHeader = startReplica(server.url, { ...given, headers: {} })
  expectError(await stopped(noHeader), 'MISCONFIGURED', 'headers')
  const wrongAuth = startReplica(server.url, { ...given, auth: { token: 'guess' } })
  expectError(await stopped(wrongAuth), 'MISCONFIGURED', 'auth')
})

test('who was let in before is only unreachable when they are refused later', async () => {
  const server = await startServer()
  const replica = startReplica(server.url)
  await connected(replica)
  server.settings.auth = { token: 'new' }
  server.drop('transport')
  expectError(await stopped(replica), 'UNREACHABLE', 'auth')
})

test('waits for a server that is down', async () => {
  const server = await startServer()
  await server.pause()
  const replica = startReplica(server.url)
  await until('it tries again', () => replica.link.state === 'reconnecting')
  await server.resume()
  await connected(replica)
})

test('waits where a page stands in place of the server', async () => {
  const pages = createServer((_, response) => response.end('<html>back soon</html>'))
  await new Promise<void>(resolve => pages.listen(0, '127.0.0.1', resolve))
  const replica = startReplica(`http://127.0.0.1:${(pages.address() as AddressInfo).port}`)
  await until('it has been refused', () =>
    replica.logged.some(line => line.includes('cannot be connected to')),
  )
  expect(replica.link.error).toBeUndefined()
  expect(replica.link.state).toBe('reconnecting')
  pages.closeAllConnections()
  pages.close()
})

test('another path', async () => {
  const server = await startServer({ path: '/hybrid/socket.io' })
  await connected(startReplica(server.url, { path: '/hybrid/socket.io' }))
})
