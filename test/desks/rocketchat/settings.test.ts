import { describe, expect, test } from 'vitest'
import { rocketchat } from '../../../src/desks/rocketchat/index.ts'

const GIVEN = { url: 'https://chat.example.org', webhook_token: 'hook' }

describe('settings', () => {
  test('the least', () => {
    expect(rocketchat.settings.parse(GIVEN)).toEqual({
      ...GIVEN,
      rate_limits: 'default',
      custom_fields: {},
      send_phone: false,
      send_email: false,
    })
  })

  test.each([
    [{ user_id: 'u', auth_token: 't' }, { rate_limits: 'off' }],
    [{ user_id: 'u', auth_token: 't', rate_limits: 'default' }, { rate_limits: 'default' }],
    [{ rate_limits: 'off' }, { rate_limits: 'off' }],
    [{ url: 'http://127.0.0.1:3000/chat//' }, { url: 'http://127.0.0.1:3000/chat' }],
    [
      { custom_fields: { a: '{urn}: {results.my age}' } },
      { custom_fields: { a: '{urn}: {results.my age}' } },
    ],
  ])('%j', (given, read) => {
    expect(rocketchat.settings.parse({ ...GIVEN, ...given })).toMatchObject(read)
  })

  test.each([
    [{ url: 'chat.example.org' }, 'url'],
    [{ url: 'ftp://chat.example.org' }, 'url'],
    [{ webhook_token: '' }, 'webhook_token'],
    [{ webhook_token: undefined }, 'webhook_token'],
    [{ user_id: 'u' }, 'auth_token'],
    [{ auth_token: 't' }, 'user_id'],
    [{ rate_limits: 'none' }, 'rate_limits'],
    [{ custom_fields: { a: '{phone}' } }, 'custom_fields.a'],
    [{ custom_fields: { a: '{uuid' } }, 'custom_fields.a'],
    [{ custom_fields: { a: 1 } }, 'custom_fields.a'],
    [{ send_phone: 'yes' }, 'send_phone'],
  ])('refuses %j, naming %s', (given, key) => {
    const { error } = rocketchat.settings.safeParse({ ...GIVEN, ...given })
    expect(error?.issues.map(issue => issue.path.join('.'))).toContain(key)
  })

  test('refuses an unknown key', () => {
    const { error } = rocketchat.settings.safeParse({ ...GIVEN, webhook_tokens: 'x' })
    expect(error?.message).toContain('webhook_tokens')
  })

  test('secrets', () => {
    const read = rocketchat.settings.parse({ ...GIVEN, user_id: 'u', auth_token: 't' })
    expect(rocketchat.secrets(read)).toEqual(['hook', 't'])
    expect(rocketchat.secrets(rocketchat.settings.parse(GIVEN))).toEqual(['hook'])
  })
})
