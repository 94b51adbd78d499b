import { expect, test, vi } from 'vitest'
import { chatServer } from '../../../src/desks/chat-server/index.ts'
import { loadSockets } from '../../../src/desks/chat-server/sockets.ts'
import { expectError, outcomeOf } from './support.ts'

vi.mock('socket.io-client-2', () => {
  throw new Error('Cannot find package')
})

const settings = (socket_protocol: number) =>
  chatServer.settings.parse({
    url: 'http://127.0.0.1:9',
    connector: { name: 'N', channel: 'web' },
    socket_protocol,
  })

test('the old library is needed for protocol 2 only, and its absence names the setting', async () => {
  expectError(
    await outcomeOf(loadSockets(settings(2))),
    'MISCONFIGURED',
    'socket_protocol = 2',
    'socket.io-client-2',
  )
  expect(await loadSockets(settings(4))).toBeTypeOf('function')
})
