import { describe, expect, test } from 'vitest'
import { yellow } from '../../../src/desks/yellow/index.ts'
import { GIVEN } from './support.ts'

describe('settings', () => {
  test('the least', () => {
    expect(yellow.settings.parse(GIVEN)).toEqual({
      ...GIVEN,
      authorization: 'bearer',
      body_shape: 'wrapped',
      priority: 'medium',
      source: 'auto',
      send_phone: false,
      mobile_format: 'digits',
      send_email: false,
      default_mobile: '',
      default_email: '',
      default_name: 'Client',
      history_url: '',
      send_history: true,
      client_left_text: '',
      close_on_agent_logout: false,
    })
  })

  test.each([
    [{ url: 'desk.example.org' }, { url: 'https://desk.example.org' }],
    [{ url: ' http://127.0.0.1:3000/base// ' }, { url: 'http://127.0.0.1:3000/base' }],
    [{ priority: 'Low' }, { priority: 'low' }],
    [{ groups: { A: 1, default: 'x' } }, { groups: { A: '1', default: 'x' } }],
    [{ groups: {} }, { groups: {} }],
    [{ history_url: 'https://x.org/{uuid}' }, { history_url: 'https://x.org/{uuid}' }],
    [{ token: 'Token abc' }, { token: 'Token abc' }],
  ])('%j', (given, read) => {
    expect(yellow.settings.parse({ ...GIVEN, ...given })).toMatchObject(read)
  })

  test.each([
    [{ url: '' }, 'url'],
    [{ url: 'ftp://desk.example.org' }, 'url'],
    [{ url: 'https://desk.example.org?x=1' }, 'url'],
    [{ url: 'https://desk.example.org/createTicket/acme' }, 'url'],
    [{ company: ' ' }, 'company'],
    [{ company: undefined }, 'company'],
    [{ token: '' }, 'token'],
    [{ token: 'two\nlines' }, 'token'],
    [{ webhook_token: '' }, 'webhook_token'],
    [{ authorization: 'basic' }, 'authorization'],
    [{ body_shape: 'nested' }, 'body_shape'],
    [{ groups: { A: '' } }, 'groups.A'],
    [{ groups: { A: true } }, 'groups.A'],
    [{ groups: { A: 1.5 } }, 'groups.A'],
    [{ priority: 'urgent' }, 'priority'],
    [{ source: '' }, 'source'],
    [{ send_phone: 'yes' }, 'send_phone'],
    [{ mobile_format: 'national' }, 'mobile_format'],
    [{ history_url: 'https://x.org/{name}' }, 'history_url'],
    [{ history_url: 'x.org/{uuid}' }, 'history_url'],
    [{ default_name: '' }, 'default_name'],
    [{ agent_label: '' }, 'agent_label'],
    [{ close_on_agent_logout: 1 }, 'close_on_agent_logout'],
  ])('refuses %j, naming %s', (given, key) => {
    const { error } = yellow.settings.safeParse({ ...GIVEN, ...given })
    expect(error?.issues.map(issue => issue.path.join('.'))).toEqual([key])
  })

  test('refuses an unknown key', () => {
    const { error } = yellow.settings.safeParse({ ...GIVEN, apikey: 'x' })
    expect(error?.message).toContain('apikey')
  })

  test('secrets', () => {
    expect(yellow.secrets(yellow.settings.parse(GIVEN))).toEqual(['desk-key', 'hook-secret'])
  })
})
