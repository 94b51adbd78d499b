import { describe, expect, test } from 'vitest'
import { chatServer } from '../../../src/desks/chat-server/index.ts'

const CONNECTOR = { id: 'live-agents', name: 'Live Agents', channel: 'live-agents' }
const GIVEN = { url: 'https://chat.example.org', connector: CONNECTOR }

describe('settings', () => {
  test('the least', () => {
    expect(chatServer.settings.parse(GIVEN)).toEqual({
      ...GIVEN,
      path: '/socket.io',
      socket_protocol: 4,
      transports: ['polling', 'websocket'],
      headers: {},
      auth: {},
      channels: {},
      language: '',
      client_name: 'Client',
      send_phone: false,
      send_email: false,
      comment: '',
      send_results: false,
      transfer_event: '',
      no_agent: 'wait',
      relay_bots: true,
      relay_greetings: false,
      file_notice: '📎 {name}',
      deliver_campaigns: false,
      join_timeout_ms: 5_000,
      end_timeout_ms: 3_000,
    })
  })

  test.each([
    [{ connector: { name: 'N', channel: 'web' } }, { connector: { id: 'web', name: 'N', channel: 'web' } }],
    [{ url: 'http://127.0.0.1:8080//' }, { url: 'http://127.0.0.1:8080', path: '/socket.io' }],
    [{ url: 'https://example.org/chat/' }, { url: 'https://example.org/chat', path: '/chat/socket.io' }],
    [{ path: '/hybrid/socket.io/' }, { path: '/hybrid/socket.io' }],
    [{ socket_protocol: 2 }, { socket_protocol: 2 }],
  ])('%j', (given, read) => {
    expect(chatServer.settings.parse({ ...GIVEN, ...given })).toMatchObject(read)
  })

  test.each([
    [{ url: 'chat.example.org' }, 'url'],
    [{ url: 'wss://chat.example.org' }, 'url'],
    [{ url: 'https://chat.example.org/api' }, 'url'],
    [{ url: 'https://chat.example.org/socket.io/' }, 'url'],
    [{ connector: undefined }, 'connector'],
    [{ connector: { ...CONNECTOR, id: 'other' } }, 'connector.id'],
    [{ connector: { ...CONNECTOR, name: '' } }, 'connector.name'],
    [{ path: 'socket.io' }, 'path'],
    [{ socket_protocol: 3 }, 'socket_protocol'],
    [{ transports: [] }, 'transports'],
    [{ transports: ['webtransport'] }, 'transports.0'],
    [{ headers: { Host: 'x' } }, 'headers.Host'],
    [{ headers: { 'X-Key': 'a\nb' } }, 'headers.X-Key'],
    [{ channels: { tel: '' } }, 'channels.tel'],
    [{ comment: '{phone}' }, 'comment'],
    [{ no_agent: 'close' }, 'no_agent'],
    [{ join_timeout_ms: 1 }, 'join_timeout_ms'],
    [{ end_timeout_ms: 'soon' }, 'end_timeout_ms'],
  ])('refuses %j, naming %s', (given, key) => {
    const { error } = chatServer.settings.safeParse({ ...GIVEN, ...given })
    expect(error?.issues.map(issue => issue.path.join('.'))).toContain(key)
  })

  test('refuses an unknown key', () => {
    const { error } = chatServer.settings.safeParse({ ...GIVEN, socketProtocol: 2 })
    expect(error?.message).toContain('socketProtocol')
  })

  test('secrets', () => {
    const read = chatServer.settings.parse({ ...GIVEN, headers: { 'X-Key': 'k1' }, auth: { token: 't1' } })
    expect(chatServer.secrets(read)).toEqual(['k1', 't1'])
  })
})
