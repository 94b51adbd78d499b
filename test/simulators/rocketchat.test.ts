import { expect, test } from 'vitest'
import { anonymous, type Case, check, coded, noAgent, ofEva, ok, plain, profile } from './rocketchat-cases.ts'
import { bot, call, openRoom, startWorkspace } from './rocketchat-kit.ts'

const fields = { customFields: { plan: 'visitor', topic: 'room' } } as const
const field = (key: string) => ({ token: 'eva', key, value: 'v', overwrite: true })
const otherCases: Case[] = [
  {
    what: 'config',
    call: ['GET', 'config'],
    answers: ok({
      config: {
        enabled: true,
        online: true,
        departments: [{ name: 'Support' }, { name: 'GTM_HIV_GENERAL' }],
      },
    }),
  },
  {
    what: 'config of a department by its name',
    call: ['GET', 'config?department=Support'],
    answers: ok({ config: { online: false } }),
  },
  {
    what: 'config of a guest',
    before: openRoom,
    call: ['GET', 'config?token=eva'],
    answers: ok({
      config: { guest: { token: 'eva' }, room: { _id: '{rid}', open: true }, agent: { username: 'ana' } },
    }),
  },
  {
    what: 'config with a stray key',
    call: ['GET', 'config?x=1'],
    answers: coded('must NOT have additional properties [invalid-params]', 'invalid-params'),
  },
  {
    what: 'config with omnichannel off',
    on: { settings: { Livechat_enabled: false } },
    call: ['GET', 'config'],
    answers: ok({ config: { enabled: false } }),
  },
  {
    what: 'departments',
    call: ['GET', 'department?text=supp&enabled=true', undefined, bot],
    answers: ok({ total: 1, departments: [{ name: 'Support', numAgents: 2 }] }),
  },
  {
    what: 'an unknown department',
    call: ['GET', 'department/x', undefined, bot],
    answers: ok({ department: null }),
  },
  { what: 'departments for nobody', call: ['GET', 'department'], answers: anonymous },
  {
    what: 'the agent of a room',
    before: openRoom,
    call: ['GET', 'agent.info/{rid}/eva'],
    answers: ok({ agent: { username: 'ana', status: 'online' } }),
  },
  {
    what: 'the hidden agent of a room',
    on: { settings: { Livechat_show_agent_info: false } },
    before: openRoom,
    call: ['GET', 'agent.info/{rid}/eva'],
    answers: ok({ agent: { hiddenInfo: true } }),
  },
  {
    what: 'the agent of a waiting room',
    on: { settings: { Livechat_Routing_Method: 'Manual_Selection' } },
    before: openRoom,
    call: ['GET', 'agent.info/{rid}/eva'],
    answers: plain('invalid-agent'),
  },
  { what: 'the next agent', call: ['GET', 'agent.next/eva'], answers: ok({ agent: { username: 'ana' } }) },
  { what: 'no next agent', on: noAgent, call: ['GET', 'agent.next/eva'], answers: plain('agent-not-found') },
  {
    what: 'a visitor field',
    on: fields,
    before: openRoom,
    call: ['POST', 'custom.field', field('plan')],
    answers: ok({ field: { key: 'plan', value: 'v', overwrite: true } }),
  },
  {
    what: 'a room field',
    on: fields,
    before: openRoom,
    call: [
      'POST',
      'custom.fields',
      { token: 'eva', customFields: [{ key: 'topic', value: 'v', overwrite: true }] },
    ],
    answers: ok({ fields: [{ Key: 'topic', value: 'v', overwrite: true }] }),
  },
  {
    what: 'an unknown field',
    before: openRoom,
    call: ['POST', 'custom.field', field('x')],
    answers: plain('invalid-custom-field'),
  },
  {
    what: 'a survey',
    before: openRoom,
    call: [
      'POST',
      'room.survey',
      {
        ...ofEva,
        data: [
          { name: 'satisfaction', value: '5' },
          { name: 'x', value: '1' },
        ],
      },
    ],
    answers: ok({ rid: '{rid}', data: [{ name: 'satisfaction', value: '5' }] }),
  },
  {
    what: 'a survey of nothing',
    before: openRoom,
    call: ['POST', 'room.survey', { ...ofEva, data: [{ name: 'satisfaction', value: '9' }] }],
    answers: plain('invalid-data'),
  },
  {
    what: 'a page',
    before: openRoom,
    call: [
      'POST',
      'page.visited',
      { token: 'eva', pageInfo: { change: 'url', title: 'T', location: { href: 'u' } } },
    ],
    answers: ok({ page: { msg: 'T - u' } }),
  },
  {
    what: 'a transcript',
    before: openRoom,
    call: ['POST', 'transcript', { ...ofEva, email: 'a@b.c' }],
    answers: ok({}),
  },
  {
    what: 'a status',
    before: openRoom,
    call: ['POST', 'visitor.status', { token: 'eva', status: 'away' }],
    answers: ok({ status: 'away' }),
  },
  {
    what: 'an offline message',
    call: ['POST', 'offline.message', { name: 'E', email: 'e@x.org', message: 'm' }],
    answers: ok({}),
  },
  { what: 'an unknown route', call: ['GET', 'nothing'], answers: [404, { success: false }] },
  {
    what: 'a wrong method in 7',
    on: profile('7.11'),
    call: ['PUT', 'config'],
    answers: [405, { status: 'error', message: 'API endpoint does not exist' }],
  },
  { what: 'a wrong method in 8', call: ['PUT', 'config'], answers: [404, {}] },
]

test('an unforeseen crash is an HTML page', async () => {
  const rocketchat = await startWorkspace()
  rocketchat.state.departments.clear = () => undefined
  rocketchat.state.departments.values = () => {
    throw new Error('broken')
  }
  const answer = await call(rocketchat, 'GET', 'config')
  expect(answer).toMatchObject({ status: 500, text: 'Server error.' })
  expect(answer.headers.get('content-type')).toMatch('text/html')
})

test.each(otherCases)('$what', check)
