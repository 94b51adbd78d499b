import { describe, expect, test } from 'vitest'
import { aivo } from '../../../src/desks/aivo/index.ts'
import { GIVEN } from './support.ts'

const EVENTS = {
  attended: ['attended'],
  transfer: ['transfer'],
  message: ['message', 'agentmessage', 'client_message', 'clientmessage'],
  closing: ['closed', 'close', 'closing', 'closeconversation', 'endconversation', 'finished'],
}

describe('settings', () => {
  test('the least', () => {
    expect(aivo.settings.parse(GIVEN)).toEqual({
      ...GIVEN,
      protocol_id: 28,
      extra_shape: 'list',
      headers: {},
      send_phone: false,
      send_email: false,
      close_path: '',
      client_left_text: '',
      events: EVENTS,
    })
  })

  test.each([
    [
      { url: 'https://live-handler.agentbot.net/conversations//' },
      { url: 'https://live-handler.agentbot.net/conversations' },
    ],
    [{ url: 'http://127.0.0.1:3400/conversations' }, { url: 'http://127.0.0.1:3400/conversations' }],
    [{ bot_id: '1000' }, { bot_id: 1000 }],
    [{ groups: { default: 2179, GTM_HIV: '2180' } }, { groups: { default: 2179, GTM_HIV: 2180 } }],
    [{ protocol_id: 1 }, { protocol_id: 1 }],
    [{ extra_shape: 'object' }, { extra_shape: 'object' }],
    [{ headers: { 'X-Token': 'x' } }, { headers: { 'X-Token': 'x' } }],
    [{ close_path: '/client/close/' }, { close_path: 'client/close' }],
    [{ client_left_text: ' left ' }, { client_left_text: 'left' }],
    [{ agent_label: 'An agent' }, { agent_label: 'An agent' }],
    [{ events: { closing: [' Ended', 'OVER'] } }, { events: { ...EVENTS, closing: ['ended', 'over'] } }],
    [{ events: { transfer: [] } }, { events: { ...EVENTS, transfer: [] } }],
  ])('%j', (given, read) => {
    expect(aivo.settings.parse({ ...GIVEN, ...given })).toMatchObject(read)
  })

  test.each([
    [{ url: 'gateway.aivo.co' }, 'url'],
    [{ url: 'ftp://gateway.aivo.co' }, 'url'],
    [{ url: `${GIVEN.url}?x=1` }, 'url'],
    [{ url: `${GIVEN.url}/queue/external/` }, 'url'],
    [{ bot_id: undefined }, 'bot_id'],
    [{ bot_id: 'ten' }, 'bot_id'],
    [{ bot_id: 1.5 }, 'bot_id'],
    [{ bot_token: '' }, 'bot_token'],
    [{ webhook_token: '' }, 'webhook_token'],
    [{ webhook_token: undefined }, 'webhook_token'],
    [{ groups: { default: 'sales' } }, 'groups.default'],
    [{ groups: 7 }, 'groups'],
    [{ extra_shape: 'array' }, 'extra_shape'],
    [{ headers: { 'Content-Length': '1' } }, 'headers.Content-Length'],
    [{ headers: { 'a b': '1' } }, 'headers.a b'],
    [{ headers: { a: 'b\r\nc: d' } }, 'headers.a'],
    [{ send_phone: 'yes' }, 'send_phone'],
    [{ close_path: 'close?now' }, 'close_path'],
    [{ agent_label: ' ' }, 'agent_label'],
    [{ events: { closing: ['Attended'] } }, 'events.closing'],
    [{ events: { closing: [''] } }, 'events.closing.0'],
  ])('refuses %j, naming %s', (given, key) => {
    const { error } = aivo.settings.safeParse({ ...GIVEN, ...given })
    expect(error?.issues.map(issue => issue.path.join('.'))).toContain(key)
  })

  test.each([[{ bot_tokens: 'x' }], [{ events: { queued: [] } }]])('refuses the unknown key of %j', given => {
    const { error } = aivo.settings.safeParse({ ...GIVEN, ...given })
    expect(error?.issues.map(issue => issue.code)).toEqual(['unrecognized_keys'])
  })

  test('secrets', () => {
    const read = aivo.settings.parse({ ...GIVEN, headers: { 'X-Token': 'gateway-token' } })
    expect(aivo.secrets(read)).toEqual(['bot-secret', 'hook-secret', 'gateway-token'])
  })
})
