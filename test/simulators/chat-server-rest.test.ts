import { describe, expect, test } from 'vitest'
import type { Settings } from '../../simulators/chat-server/index.ts'
import { call, chat, connect, enter, eva, init, type Json, settled, startServer } from './chat-server-kit.ts'

describe('init', () => {
  test('answers with the conversation and the participant', async () => {
    const server = await startServer()
    const { status, body } = await init(server, { ...eva, requestId: 'r-1', subject: 'billing', extra: 1 })
    const expected = {
      conversationId: expect.stringMatching(/^c-/),
      participant: { id: expect.stringMatching(/^p-/), name: 'Eva Luna' },
      requestId: 'r-1',
      timestamp: expect.stringMatching(/Z$/),
    }
    expect([status, body]).toEqual([200, expected])
    const { request } = server.conversationOf(String(body.conversationId)) ?? {}
    expect(request).toMatchObject({ subject: 'billing', extra: 1 })
  })

  test.each<[Json | string, string]>([
    [{ ...eva, channel: undefined }, 'channel'],
    [{ ...eva, channel: '' }, 'channel'],
    [{ channel: 'web', lastName: 'Luna' }, 'one of firstName'],
    [{ ...eva, phone: 502 }, 'phone'],
    [{ ...eva, timestamp: 'yesterday' }, 'timestamp'],
    [{ ...eva, channel: 'fax' }, 'no channel fax'],
    ['text', 'object'],
  ])('%j is refused with an empty body', async (body, reason) => {
    const server = await startServer({ settings: { channels: ['web', 'sms'] } })
    expect(await init(server, body)).toMatchObject({ status: 400, text: '' })
    expect(server.state.conversations.size).toBe(0)
    const logged = { method: 'POST', status: 400, reason: expect.stringContaining(reason) }
    expect(server.state.requests).toMatchObject([logged])
  })

  test.each(['firstName', 'email', 'phone', 'refId'])('%s is enough of an identity', async key => {
    expect((await init(await startServer(), { channel: 'sms', [key]: 'x' })).status).toBe(200)
  })

  test('the same request id finds the same conversation while it is open', async () => {
    const server = await startServer()
    const open = async (requestId?: string) =>
      String((await init(server, { ...eva, requestId })).body.conversationId)
    const first = await open('r-1')
    expect(await open('r-1')).toBe(first)
    server.end(first)
    const all = [first, await open('r-1'), await open('r-2'), await open(), await open()]
    expect(new Set(all).size).toBe(5)
  })

  test.each<[Partial<Settings>, Json]>([
    [{ capitalisedKeys: true }, { Participant: { id: expect.any(String) }, Timestamp: expect.any(String) }],
    [{ participantShape: '_id' }, { participant: { _id: expect.any(String), name: 'Eva Luna' } }],
    [{ participantShape: 'participantId' }, { participant: { participantId: expect.any(String) } }],
    [{ participantShape: 'string' }, { participant: expect.stringMatching(/^p-/) }],
  ])('%j', async (settings, expected) => {
    const { body } = await init(await startServer({ settings }))
    expect(body).toMatchObject(expected)
    if (settings.capitalisedKeys) expect(body).not.toHaveProperty('participant')
  })

  test.each([
    ['no-participant', ['conversationId', 'timestamp']],
    ['no-conversation', ['participant', 'timestamp']],
  ] as const)('%s', async (initAnswer, keys) => {
    const { status, body } = await init(await startServer({ settings: { initAnswer } }))
    expect([status, Object.keys(body)]).toEqual([200, keys])
  })

  test('planned answers come one by one, and refusals open nothing', async () => {
    const server = await startServer({ settings: { initAnswers: ['unavailable', 'error', 'empty'] } })
    const seen = [await init(server), await init(server)]
    expect(server.state.conversations.size).toBe(0)
    seen.push(await init(server))
    expect(seen.map(({ status, text }) => [status, text])).toEqual([
      [503, ''],
      [500, ''],
      [200, ''],
    ])
    expect((await init(server)).body.conversationId).toEqual(expect.any(String))
    server.settings.initAnswer = 'unavailable'
    expect([(await init(server)).status, (await init(server)).status]).toEqual([503, 503])
  })

  test('each server has plans of its own', async () => {
    const [one, other] = [await startServer(), await startServer()]
    one.settings.initAnswers.push('error')
    expect([(await init(other)).status, (await init(one)).status]).toEqual([200, 500])
  })

  test('what is no JSON, no POST or no route', async () => {
    const server = await startServer()
    const broken = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{' }
    expect((await fetch(`${server.url}/api/customer/init`, broken)).status).toBe(400)
    expect(await call(server, 'GET', '/api/customer/init')).toMatchObject({
      status: 404,
      text: 'Cannot GET /api/customer/init',
    })
  })

  test('can be struck by the faults of HTTP', async () => {
    const server = await startServer()
    server.faults.add({ kind: 'reset-after', route: '/api/customer/init', times: 1 })
    const body = { ...eva, requestId: 'r-1' }
    await expect(init(server, body)).rejects.toThrow('fetch failed')
    const [opened] = server.state.conversations.keys()
    expect((await init(server, body)).body.conversationId).toBe(opened)
  })
})

describe('transcript', () => {
  const fetchTranscript = async (server: Parameters<typeof call>[0], id: string, type: string) =>
    call(server, 'GET', `/api/customer/transcript/${id}/${type}`)

  test('is there once the conversation is over', async () => {
    const server = await startServer()
    const connector = await connect(server)
    const ids = await enter(server, connector)
    connector.socket.emit('sendMessage', chat(ids, 'hello (all)'))
    await settled(server, connector)
    server.say(ids.conversationId, 'between us', { tag: 'whisper' })
    expect(await fetchTranscript(server, ids.conversationId, 'pdf')).toMatchObject({ status: 404, text: '' })
    server.end(ids.conversationId)
    const { status, type, text } = await fetchTranscript(server, ids.conversationId, 'pdf')
    expect([status, type]).toEqual([200, 'application/pdf'])
    expect(text).toMatch(/^%PDF-1\.4\n.*\(Eva Luna: hello \\\(all\\\)\).*%%EOF\n$/s)
    expect(text).not.toContain('between us')
    expect(await fetchTranscript(server, ids.conversationId, 'email')).toMatchObject({
      status: 200,
      text: '',
    })
  })

  test('what is unknown, and what fails', async () => {
    const server = await startServer({ settings: { transcriptAnswers: ['error', 'unavailable'] } })
    const id = String((await init(server)).body.conversationId)
    server.end(id)
    const asked = [
      [id, 'pdf'],
      [id, 'pdf'],
      [id, 'docx'],
      ['c-nowhere', 'pdf'],
    ] as const
    const statuses: number[] = []
    for (const [which, type] of asked) statuses.push((await fetchTranscript(server, which, type)).status)
    expect(statuses).toEqual([500, 503, 404, 404])
  })
})
