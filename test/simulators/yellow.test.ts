import { describe, expect, test } from 'vitest'
import type { Mode } from '../../simulators/yellow/index.ts'
import { call, changed, mediaForm, openTicket, startDesk, textForm, ticketForm } from './yellow-kit.ts'

const success = (data: object) => ({ status: 'success', data, message: expect.any(String) })
const failure = (words: string) => ({ status: 'failure', data: {}, message: expect.stringContaining(words) })

describe('createTicket', () => {
  test('opens a ticket with a number', async () => {
    const yellow = await startDesk()
    const { status, body } = await call(yellow, '/createTicket/acme', { body: ticketForm })
    expect(status).toBe(200)
    expect(body).toEqual(success({ ticketId: 25633, isAgentAvailable: true, isQueued: false }))
    expect(yellow.state.tickets.get('25633')).toMatchObject({
      state: 'OPEN',
      senderId: 'u-1001',
      userName: 'Ada Example',
      form: { ...ticketForm.user, ...ticketForm.ticket },
      lines: [],
    })
    expect(await openTicket(yellow)).toBe('25635')
  })

  test.each<[Mode, status: number, answer: string | RegExp, tickets: number]>([
    ['queued', 200, '"data":{"ticketId":25633,"isAgentAvailable":false,"isQueued":true}', 1],
    ['none', 200, '{"status":"success","data":{"isAgentAvailable":false,"isQueued":false}', 0],
    ['failure200', 200, '{"status":"failure","data":{}', 0],
    ['http500', 500, 'Internal Server Error', 0],
    ['string-id', 200, '"ticketId":"TCK-9"', 1],
    ['no-flags', 200, '"data":{"ticketId":25633},', 1],
    ['huge-id', 200, '"ticketId":9007199254740993,', 1],
  ])('%s', async (mode, status, answer, tickets) => {
    const yellow = await startDesk({ settings: { mode } })
    const said = await call(yellow, '/createTicket/acme', { body: ticketForm })
    expect(said.status).toBe(status)
    expect(said.text).toContain(answer)
    expect(yellow.state.tickets.size).toBe(tickets)
  })

  test('timeout: the ticket is there, the answer is not', async () => {
    const yellow = await startDesk({ settings: { mode: 'timeout' } })
    const asking = call(yellow, '/createTicket/acme', { body: ticketForm }).catch(() => 'cut')
    await expect.poll(() => yellow.state.tickets.size).toBe(1)
    expect(yellow.state.requests[0]).not.toHaveProperty('status')
    await yellow.stop()
    expect(await asking).toBe('cut')
  })

  test.each([
    ...['senderId', 'messageId', 'source', 'conversationId', 'userName', 'userMobile', 'userEmail'].map(
      (key): [string, unknown] => [key, undefined],
    ),
    ['conversationHistory', undefined],
    ['ticketPriority', undefined],
    ['ticketPriority', 'urgent'],
    ['senderId', ''],
    ['userMobile', 5550001234],
    ['ticketGroupId', 14343],
    ['customFields', 'none'],
    ['conversationHistoryJSON', {}],
  ])('refuses %s of %j, and names it', async (key, value) => {
    const yellow = await startDesk()
    const { status, body } = await call(yellow, '/createTicket/acme', changed(ticketForm, key, value))
    expect([status, body]).toEqual([200, failure(key)])
    expect(yellow.state.tickets.size).toBe(0)
  })

  test.each([
    ['wrapped', { body: ticketForm }],
    ['unwrapped', ticketForm],
    ['flat', { ...ticketForm.user, ...ticketForm.ticket }],
  ])('takes a body that is %s, and says so', async (shape, body) => {
    const yellow = await startDesk()
    expect((await call(yellow, '/createTicket/acme', body)).body).toMatchObject({ status: 'success' })
    expect(yellow.state.requests).toMatchObject([{ endpoint: 'createTicket', company: 'acme', shape, body }])
  })

  test('knows a repeat where it is told to', async () => {
    for (const knowsRepeats of [true, false]) {
      const yellow = await startDesk({ settings: { knowsRepeats } })
      const ids = [await openTicket(yellow), await openTicket(yellow)]
      expect(new Set(ids).size).toBe(knowsRepeats ? 1 : 2)
    }
  })
})

describe('who may call', () => {
  test.each([
    ['Bearer key', 200, 'bearer'],
    ['bearer key', 200, 'bearer'],
    ['key', 200, 'raw'],
    ['Token key', 401, undefined],
    ['Bearer no', 401, undefined],
    ['', 401, undefined],
  ])('%s: %i', async (authorization, status, auth) => {
    const yellow = await startDesk({ token: 'key' })
    const answer = await call(yellow, '/createTicket/acme', { body: ticketForm }, { authorization })
    expect(answer.status).toBe(status)
    if (status === 401) expect(answer.body).toEqual(failure('token'))
    expect(yellow.state.requests[0]?.auth).toBe(auth)
  })

  test.each([
    '/createTicket/other',
    '/createTicket//acme',
    '//createTicket/acme',
    '/createTicket/acme/',
    '/close/acme',
  ])('%s leads nowhere', async path => {
    expect((await call(await startDesk(), path, { body: ticketForm })).status).toBe(404)
  })

  test('anything but JSON is refused', async () => {
    const yellow = await startDesk()
    const said = async (body: string, type: string) =>
      (await call(yellow, '/createTicket/acme', body, { 'content-type': type })).status
    expect(await said('{}', 'text/plain')).toBe(415)
    expect(await said('{“a”: 1}', 'application/json')).toBe(400)
    expect((await call(yellow, '/createTicket/acme', '[]')).body).toEqual(failure('JSON object'))
  })
})

describe('sendMessage and sendMedia', () => {
  test('are kept in order', async () => {
    const yellow = await startDesk()
    const id = await openTicket(yellow)
    const answer = await call(yellow, '/sendMessage/acme', { body: textForm(id) })
    expect(answer.body).toEqual(success({ ticketId: 25633 }))
    for (const type of ['image', 'video', 'file'])
      await call(yellow, '/sendMedia/acme', { body: mediaForm(Number(id), type) })
    expect(yellow.talkOf('u-1001')).toMatchObject([
      { by: 'client', name: 'Ada Example', kind: 'text', content: 'hello', messageId: 'm-0002' },
      { kind: 'image', content: 'https://cdn.example.org/a.jpg' },
      { kind: 'video' },
      { kind: 'file' },
    ])
  })

  test.each([
    ['/sendMessage/acme', textForm('25633')],
    ['/sendMedia/acme', mediaForm('25633')],
  ])('%s is refused on a ticket that is unknown or closed', async (path, form) => {
    const yellow = await startDesk()
    expect((await call(yellow, path, { body: form })).body).toEqual(failure('25633 not found'))
    await yellow.close(await openTicket(yellow))
    expect((await call(yellow, path, { body: form })).body).toEqual(failure('25633 is already closed'))
    expect(yellow.talkOf('25633')).toEqual([])
  })

  test.each([
    ['/sendMessage/acme', changed(textForm('25633'), 'message', ''), 'message'],
    ['/sendMessage/acme', changed(textForm('25633'), 'messageType', 'media'), 'messageType'],
    ['/sendMessage/acme', changed(textForm('25633'), 'messageId', undefined), 'messageId'],
    ['/sendMessage/acme', changed(textForm('25633'), 'userName', undefined), 'userName'],
    ['/sendMessage/acme', { body: textForm(25633) }, 'ticketId'],
    ['/sendMedia/acme', { body: mediaForm('25633', 'audio') }, 'mediaJson.type'],
    ['/sendMedia/acme', changed(mediaForm('25633'), 'mediaJson', { type: 'file' }), 'mediaJson.url'],
    ['/sendMedia/acme', changed(mediaForm('25633'), 'ticketId', null), 'ticketId'],
    ['/sendMedia/acme', changed(mediaForm('25633'), 'source', undefined), 'source'],
  ])('%s refuses %j, and names %s', async (path, body, key) => {
    const yellow = await startDesk()
    await openTicket(yellow)
    expect((await call(yellow, path, body)).body).toEqual(failure(key))
  })
})
