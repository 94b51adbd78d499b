import { describe, expect, test } from 'vitest'
import { type Case, check, coded, ok, plain, profile } from './rocketchat-cases.ts'
import { call, openRoom, startWorkspace } from './rocketchat-kit.ts'

const visitorCases: Case[] = [
  {
    what: 'a new visitor',
    call: [
      'POST',
      'visitor',
      { visitor: { token: 't1', name: 'Eva', phone: '+50255512345', email: 'EVA@x.org' } },
    ],
    answers: ok({
      visitor: {
        token: 't1',
        name: 'Eva',
        phone: [{ phoneNumber: '+50255512345' }],
        visitorEmails: [{ address: 'eva@x.org' }],
        status: 'online',
      },
    }),
  },
  {
    what: 'null and extra keys are tolerated',
    call: ['POST', 'visitor', { visitor: { token: 't1', name: null, more: 1 } }],
    answers: ok({ visitor: { token: 't1' } }),
  },
  {
    what: 'a visitor without a token',
    call: ['POST', 'visitor', { visitor: {} }],
    answers: plain("Match error: Missing key 'token' in field visitor"),
  },
  {
    what: 'a number as a name',
    call: ['POST', 'visitor', { visitor: { token: 't1', name: 5 } }],
    answers: plain('Match error: Expected string, got number in field visitor.name'),
  },
  {
    what: 'a blank token',
    call: ['POST', 'visitor', { visitor: { token: ' ' } }],
    answers: coded('Token cannot be empty [error-invalid-token]', 'error-invalid-token'),
  },
  {
    what: 'a blank token before 6.6',
    on: profile('6.4'),
    call: ['POST', 'visitor', { visitor: { token: ' ' } }],
    answers: ok({ visitor: { token: ' ' } }),
  },
  {
    what: 'an unknown department',
    call: ['POST', 'visitor', { visitor: { token: 't1', department: 'support' } }],
    answers: plain('error-invalid-department'),
  },
  {
    what: 'an unknown department before 8.x',
    on: profile('7.11'),
    call: ['POST', 'visitor', { visitor: { token: 't1', department: 'support' } }],
    answers: coded(
      'The provided department is invalid [error-invalid-department]',
      'error-invalid-department',
    ),
  },
  {
    what: 'a bad e-mail',
    call: ['POST', 'visitor', { visitor: { token: 't1', email: 'x' } }],
    answers: coded('Invalid email x [error-invalid-email]', 'error-invalid-email'),
  },
  {
    what: 'a custom field with a number',
    call: [
      'POST',
      'visitor',
      { visitor: { token: 't1', customFields: [{ key: 'a', value: 1, overwrite: true }] } },
    ],
    answers: plain('Match error: Expected string, got number in field visitor.customFields[0].value'),
  },
  {
    what: 'an unknown token is looked up',
    call: ['GET', 'visitor/nobody'],
    answers: coded('Invalid token [invalid-token]', 'invalid-token'),
  },
  {
    what: 'an unknown token is looked up before 8.x',
    on: profile('7.11'),
    call: ['GET', 'visitor/nobody'],
    answers: coded('[invalid-token]', 'invalid-token'),
  },
  {
    what: 'a visitor with an open room is removed',
    before: openRoom,
    call: ['DELETE', 'visitor/eva'],
    answers: coded(
      'Cannot remove visitors with opened rooms [visitor-has-open-rooms]',
      'visitor-has-open-rooms',
    ),
  },
]

describe('a visitor may be another one than was asked for', () => {
  const withContacts = { token: 'old', name: 'Eva', phone: '+502555', email: 'eva@x.org' }

  test('a known phone keeps its own token', async () => {
    const rocketchat = await startWorkspace()
    await call(rocketchat, 'POST', 'visitor', { visitor: withContacts })
    const { body } = await call(rocketchat, 'POST', 'visitor', {
      visitor: { token: 'new', phone: '+502555' },
    })
    expect(body.visitor).toMatchObject({ token: 'old' })
    expect((await call(rocketchat, 'GET', 'visitor/new')).status).toBe(400)
  })

  test('a known phone is not matched in 4.4', async () => {
    const rocketchat = await startWorkspace({ profile: '4.4' })
    await call(rocketchat, 'POST', 'visitor', { visitor: withContacts })
    const { body } = await call(rocketchat, 'POST', 'visitor', {
      visitor: { token: 'new', phone: '+502555' },
    })
    expect(body.visitor).toMatchObject({ token: 'new' })
  })

  test('a known e-mail gets the new token, which does not find the old room', async () => {
    const rocketchat = await startWorkspace()
    const rid = await openRoom(rocketchat, 'old', withContacts)
    await call(rocketchat, 'POST', 'visitor', { visitor: { token: 'new', email: 'Eva@x.org' } })
    expect((await call(rocketchat, 'GET', 'visitor/old')).status).toBe(400)
    const { body } = await call(rocketchat, 'GET', 'room?token=new')
    expect(body).toMatchObject({ newRoom: true })
    expect(rocketchat.state.rooms.get(rid)?.v.token).toBe('old')
  })

  test('a phone number in a text widens later matches', async () => {
    const rocketchat = await startWorkspace()
    const rid = await openRoom(rocketchat)
    await call(rocketchat, 'POST', 'message', { rid, token: 'eva', msg: 'call me: 5551-2345' })
    const { body } = await call(rocketchat, 'POST', 'visitor', {
      visitor: { token: 'b', phone: '5551-2345' },
    })
    expect(body.visitor).toMatchObject({ token: 'eva' })
  })
})

test('a department is taken by name or _id and stays until changed', async () => {
  const rocketchat = await startWorkspace()
  const department = [...rocketchat.state.departments.values()].at(1)
  for (const said of [department?.name, department?._id, undefined]) {
    const { body } = await call(rocketchat, 'POST', 'visitor', { visitor: { token: 't', department: said } })
    expect(body.visitor).toMatchObject({ department: department?._id })
  }
})

test.each(visitorCases)('$what', check)
