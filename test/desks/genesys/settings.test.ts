import { describe, expect, test } from 'vitest'
import { genesys } from '../../../src/desks/genesys/index.ts'

const GIVEN = { url: 'https://gws.example.org/api/v2/', contact_center_id: 'center-1' }
const SEAT = { user: 'bot', password: 'seat-secret', nickname: 'Bot' }
const GMS = { customer_api: 'gms', gms_url: 'https://gms.example.org' }

describe('settings', () => {
  test('the least', () => {
    expect(genesys.settings.parse(GIVEN)).toEqual({
      url: 'https://gws.example.org/api/v2',
      customer_api: 'gws',
      contact_center_id: 'center-1',
      headers: {},
      subject: '{department}',
      client_nickname: 'Client',
      user_data: {},
      user_data_key: 'mediatorKey',
      send_history: false,
      relay_external: true,
      api_style: 'interactions',
      transfer_fields: { agent: 'agentId', skill: 'skill' },
      poll: { busy_ms: 2_000, idle_ms: 5_000, busy_for_ms: 120_000 },
    })
  })

  test.each([
    [{ poll: { busy_ms: 500 } }, { poll: { busy_ms: 500, idle_ms: 5_000, busy_for_ms: 120_000 } }],
    [
      { ...GMS, url: undefined, contact_center_id: undefined },
      { url: '', gms_url: 'https://gms.example.org' },
    ],
    [{ contact_center_id: undefined, headers: { apikey: 'k' } }, { headers: { apikey: 'k' } }],
    [
      {
        customer_api: 'gws',
        seat: SEAT,
        transfers: { A: { skill: 's' }, B: { agent: 'a' }, C: { queue: 'q' } },
      },
      { customer_api: 'gws' },
    ],
  ])('%j', (given, read) => {
    expect(genesys.settings.parse({ ...GIVEN, ...given })).toMatchObject(read)
  })

  test.each([
    [{ url: undefined }, 'url'],
    [{ url: 'gws.example.org' }, 'url'],
    [{ url: 'https://gws.example.org/?a=b' }, 'url'],
    [{ contact_center_id: undefined }, 'contact_center_id'],
    [{ customer_api: 'sms' }, 'customer_api'],
    [{ customer_api: 'none' }, 'seat'],
    [{ transfers: { A: { skill: 's' } } }, 'seat'],
    [{ seat: SEAT, transfers: { A: { skill: 's', agent: 'a' } } }, 'transfers.A'],
    [{ seat: SEAT, customer_api: 'none', transfers: { A: { skill: 's' } } }, 'transfers.A'],
    [{ seat: SEAT, api_style: 'chats', transfers: { default: { skill: 's' } } }, 'transfers.default'],
    [{ customer_api: 'gms' }, 'gms_url'],
    [{ ...GMS, url: undefined, seat: SEAT }, 'url'],
    [{ ...GMS, gms_user: 'u' }, 'gms_password'],
    [{ ...GMS, gms_password: 'p' }, 'gms_user'],
    [{ endpoints: { A: '' } }, 'endpoints.A'],
    [{ headers: { 'a key': 'x' } }, 'headers.a key'],
    [{ subject: '{phone}' }, 'subject'],
    [{ user_data: { A: '{results}' } }, 'user_data.A'],
    [{ poll: { busy_ms: 0 } }, 'poll.busy_ms'],
    [{ api_style: 'calls' }, 'api_style'],
  ])('refuses %j, naming %s', (given, key) => {
    const { error } = genesys.settings.safeParse({ ...GIVEN, ...given })
    expect(error?.issues.map(issue => issue.path.join('.'))).toContain(key)
  })

  test.each([
    [{ endpoint: {} }, 'endpoint'],
    [{ poll: { busy: 1 } }, 'busy'],
  ])('refuses the unknown key of %j', (given, key) => {
    const { error } = genesys.settings.safeParse({ ...GIVEN, ...given })
    expect(error?.message).toContain(`"${key}"`)
  })

  test('secrets', () => {
    expect(genesys.secrets(genesys.settings.parse(GIVEN))).toEqual([])
    const all = {
      ...GIVEN,
      ...GMS,
      gms_user: 'u',
      gms_password: 'gms-secret',
      headers: { apikey: 'key' },
      seat: SEAT,
    }
    expect(genesys.secrets(genesys.settings.parse(all))).toEqual([
      'seat-secret',
      btoa('bot:seat-secret'),
      'gms-secret',
      btoa('u:gms-secret'),
      'key',
    ])
  })
})
