import type { IncomingMessage } from 'node:http'
import { text as readAll } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { defaultBody, legacyBody, type Rapidpro, recommendedBody } from '../../simulators/rapidpro/index.ts'
import { ann, ended, get, nobody, post, say, serve, start } from './rapidpro-support.ts'

describe('bodies a flow posts', () => {
  const contact = { uuid: ann, name: 'Ann', urn: 'twitterid:5?channel=1#nyaruka' }
  const flow = { uuid: ended, name: 'Help' }
  const results = { 'Client Message': 'y'.repeat(641), 'Réponse 1': { value: '200', category: 'Success' } }
  const files = [{ content_type: 'image/png', url: 'https://a.b/c.png' }]
  const input = { uuid: nobody, text: 'z'.repeat(641), attachments: files }

  test('the default is sorted, compact and cut', () => {
    const cut = `{"client_message":{"category":"","value":"${'y'.repeat(640)}"},"réponse_1":{"category":"Success","value":"200"}}`
    const who = `{"name":"Ann","urn":"twitterid:5#nyaruka","uuid":"${ann}"}`
    const expected = `{"contact":${who},"flow":{"name":"Help","uuid":"${ended}"},"results":${cut}}`
    expect(defaultBody({ contact, flow, results })).toBe(expected)
    expect(JSON.parse(defaultBody({ contact: { uuid: ann } })).contact).toEqual({
      name: '',
      urn: null,
      uuid: ann,
    })
    expect(defaultBody({ contact, hideUrns: true })).toContain('"urn":"twitterid:********"')
  })

  test('the recommended one adds the whole input, the legacy one as objects', () => {
    const body = JSON.parse(recommendedBody({ contact, results, input, department: 'GTM_HIV' }))
    expect(body).toMatchObject({
      department: 'GTM_HIV',
      input: { ...input, attachments: ['image/png:https://a.b/c.png'] },
    })
    const legacy = JSON.parse(legacyBody({ contact, results, input }))
    expect(legacy.input).toMatchObject({
      attachments: files,
      type: 'msg',
      urn: { scheme: 'twitterid', display: 'nyaruka' },
    })
    expect(legacy.results.client_message).toMatchObject({ name: 'Client Message', category_localized: '' })
  })
})

describe('calling a webhook', () => {
  type Call = Parameters<Rapidpro['callWebhook']>[1]
  type Case = {
    profile?: '9' | '26'
    call?: Call
    status: number
    headers?: Record<string, string>
    tries: number
  }
  const patient = { 'retry-after': '3' }
  const rows: [string, Case][] = [
    ['a POST is tried once', { status: 503, tries: 1 }],
    ['a POST with a key is tried again', { status: 503, call: { idempotencyKey: 'k' }, tries: 3 }],
    [
      'also with the other header',
      { status: 503, call: { headers: { 'x-idempotency-key': 'k' } }, tries: 3 },
    ],
    ['but not after 500', { status: 500, call: { idempotencyKey: 'k' }, tries: 1 }],
    ['a DELETE is tried again', { status: 502, call: { method: 'DELETE' }, tries: 3 }],
    ['a short Retry-After is obeyed on a 503', { status: 503, headers: patient, tries: 3 }],
    ['even on a 200', { status: 200, headers: patient, tries: 3 }],
    ['a long one is not', { status: 503, headers: { 'retry-after': '13' }, tries: 1 }],
    ['never in the simulator', { status: 503, headers: patient, call: { mode: 'simulation' }, tries: 1 }],
    ['never in 26', { profile: '26', status: 503, headers: patient, tries: 1 }],
  ]
  test.each(rows)('%s', async (_name, { profile, call: given, status, headers = {}, tries }) => {
    const bodies: string[] = []
    const url = await serve(async (request, response) => {
      bodies.push(await readAll(request))
      response.writeHead(status, headers).end('{"msg":"hello"}')
    })
    const rapidpro = await start({ profile })
    const waits: number[] = []
    const sleep = async (ms: number) => void waits.push(ms)
    const outcome = await rapidpro.callWebhook(url, { body: '{"a":1}', sleep, ...given })
    expect([outcome.attempts, bodies]).toEqual([tries, Array(tries).fill('{"a":1}')])
    const ranges = [
      [3750, 6250],
      [7500, 12_500],
    ].slice(0, tries - 1)
    expect(waits).toHaveLength(ranges.length)
    for (const [i, [from = 0, to = 0]] of ranges.entries()) {
      expect(waits[i]).toBeGreaterThanOrEqual(from)
      expect(waits[i]).toBeLessThanOrEqual(to)
    }
    expect(outcome.result).toMatchObject({
      value: String(status),
      category: status === 200 ? 'Success' : 'Failure',
    })
    const seen = profile === '26' ? { status, json: { msg: 'hello' } } : { msg: 'hello' }
    expect([outcome.webhook, outcome.msg]).toMatchObject([seen, 'hello'])
  })

  test('headers are those of mailroom, and authors can leave out the content type', async () => {
    const seen: IncomingMessage['headers'][] = []
    const url = await serve((request, response) => {
      seen.push(request.headers)
      response.end('not json')
    })
    const rapidpro = await start()
    const outcome = await rapidpro.callWebhook(url, { body: '{}', contentType: null, mode: 'simulation' })
    expect([outcome.result.category, outcome.webhook]).toEqual(['Success', {}])
    const always = {
      'user-agent': 'RapidProMailroom/9.0.0',
      'accept-encoding': 'gzip',
      'x-mailroom-mode': 'simulation',
    }
    expect(seen[0]).toMatchObject({ ...always, accept: 'application/json' })
    expect(seen[0]).not.toHaveProperty('content-type')
  })

  test('a compressed answer is read', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('content-encoding', 'gzip').end(gzipSync('{"msg":"small"}'))
    })
    expect((await (await start()).callWebhook(url)).msg).toBe('small')
  })

  test('no answer, too late, too large and redirects', async () => {
    const methods: string[] = []
    const url = await serve(async (request, response) => {
      methods.push(`${request.method} ${request.url} ${await readAll(request)}`)
      if (request.url === '/slash') response.writeHead(301, { location: '/slash/' }).end()
      if (request.url === '/slash/') response.end('{}')
      if (request.url === '/large') response.end('x'.repeat(1024 * 1024 + 1))
    })
    const rapidpro = await start()
    for (const path of ['/large', '/hangs']) {
      const outcome = await rapidpro.callWebhook(url + path, { body: '{}', timeoutMs: 500 })
      expect([outcome.result.value, outcome.result.category, outcome.status]).toEqual(['0', 'Failure', null])
    }
    await rapidpro.callWebhook(`${url}/slash`, { body: '{}' })
    expect(methods.slice(2)).toEqual(['POST /slash {}', 'GET /slash/ '])
  })
})

describe('the relay flow', () => {
  async function mediator(status: (path: string, calls: number) => number) {
    const calls: { path: string; body: { input?: { text: string }; results: object; department: string } }[] =
      []
    const during: { look?: () => Promise<void> } = {}
    const url = await serve(async (request, response) => {
      const path = request.url ?? ''
      calls.push({ path, body: JSON.parse(await readAll(request)) })
      const answer = () => response.writeHead(status(path, calls.length)).end('{"msg":"closed"}')
      await (during.look?.() ?? Promise.resolve()).finally(answer)
    })
    return { url, calls, during }
  }

  test('registers, relays in order, and leaves on Failure with what it was told', async () => {
    const rapidpro = await start()
    const { url, calls } = await mediator((_path, count) => (count < 4 ? 200 : 409))
    const relay = await rapidpro.startRelayFlow({
      mediatorUrl: url,
      token: 't',
      contact: ann,
      department: 'GTM_HIV',
    })
    const photo = [
      { content_type: 'image/png', url: rapidpro.hostFile({ type: 'image/png', data: '', name: 'a.png' }) },
    ]
    const [first, second] = await Promise.all([relay.clientSays('one'), relay.clientSays('two', photo)])
    expect([first?.result.category, second?.result.category, relay.isActive()]).toEqual([
      'Success',
      'Success',
      true,
    ])
    expect(calls.map(({ path, body }) => [path, body.input?.text])).toEqual([
      ['/live-agents/registerClient', undefined],
      ['/live-agents/sendMessageToAgent', 'one'],
      ['/live-agents/sendMessageToAgent', 'two'],
    ])
    expect(calls[2]?.body).toMatchObject({
      department: 'GTM_HIV',
      results: { registration: { value: '200', category: 'Success' }, client_message: { value: 'two' } },
      input: { attachments: [`image/png:${photo[0]?.url}`] },
    })
    expect((await relay.clientSays('three'))?.status).toBe(409)
    expect([relay.isActive(), await relay.clientSays('four')]).toEqual([false, null])
    expect(rapidpro.messagesTo(ann)).toMatchObject([{ text: 'closed', via: 'flow' }])
  })

  test('during a call its own lines are not listed yet, and the API overtakes the flow', async () => {
    const rapidpro = await start()
    const { url, during } = await mediator(() => 200)
    const options = { mediatorUrl: url, token: 't', contact: ann, department: 'D', says: 'One moment' }
    during.look = async () => void (await post(rapidpro, 'messages.json', say('I am faster')))
    const relay = await rapidpro.startRelayFlow(options)
    expect(rapidpro.messagesTo(ann).map(({ text }) => text)).toEqual(['I am faster', 'One moment'])
    const heard = async () => {
      const { json } = await get(rapidpro, `messages.json?contact=${ann}`)
      return json.results.filter((one: { direction: string }) => one.direction === 'in').length
    }
    const duringCall: number[] = []
    during.look = async () => void duringCall.push(await heard())
    await relay.clientSays('hello')
    expect([duringCall, await heard()]).toEqual([[0], 1])
  })

  test('a session ends with its 251st answer', async () => {
    const rapidpro = await start()
    const { url, calls } = await mediator(() => 200)
    const relay = await rapidpro.startRelayFlow({
      mediatorUrl: url,
      token: 't',
      contact: ann,
      department: 'D',
    })
    for (let i = 0; i < 250; i += 1) await relay.clientSays('hello')
    expect([await relay.clientSays('lost'), relay.isActive(), calls.length]).toEqual([null, false, 251])
  })

  test('a flow started during a call takes over after it; a webhook can be repeated', async () => {
    const rapidpro = await start()
    const { url, calls, during } = await mediator(() => 200)
    const relay = await rapidpro.startRelayFlow({
      mediatorUrl: url,
      token: 't',
      contact: ann,
      department: 'D',
    })
    rapidpro.faults.add({ kind: 'duplicate', route: '/live-agents/sendMessageToAgent', times: 1 })
    const still: boolean[] = []
    during.look = async () => {
      await post(rapidpro, 'flow_starts.json', { flow: ended, contacts: [ann] })
      still.push(relay.isActive())
    }
    await relay.clientSays('hello')
    expect(calls.slice(1).map(({ body }) => body)).toEqual([calls[1]?.body, calls[1]?.body])
    expect(still).toEqual([true, true])
    await rapidpro.waitUntil(() => !relay.isActive())
    expect(rapidpro.state.contacts.get(ann)?.flow?.uuid).toBe(ended)
  })
})

test('people and other processes work it over HTTP', async () => {
  const rapidpro = await start()
  const control = async (method: string, path: string, body?: unknown) => {
    const headers = body ? { 'content-type': 'application/json' } : undefined
    const init = { method, headers, body: JSON.stringify(body) }
    return JSON.parse(await (await fetch(`${rapidpro.url}/__bot/${path}`, init)).text())
  }
  const url = await serve((_request, response) => response.end('{}'))
  const { uuid } = await control('POST', 'contacts', { name: 'Bea' })
  const started = await control('POST', 'flows', {
    mediatorUrl: url,
    token: 't',
    contact: uuid,
    department: 'D',
  })
  expect(started).toMatchObject({ active: true, outcome: { status: 200 } })
  expect(await control('POST', `contacts/${uuid}/say`, { text: 'hi' })).toMatchObject({
    outcome: { status: 200 },
  })
  expect(await control('POST', 'settings', { textLimit: 9 })).toMatchObject({ textLimit: 9 })
  expect(await control('POST', 'settings', { textLimit: -1 })).toHaveProperty('error')
  await post(rapidpro, 'messages.json', { contact: uuid, text: 'hello' })
  expect(await control('GET', `contacts/${uuid}/messages`)).toMatchObject({ messages: [{ text: 'hello' }] })
  const file = await control('POST', 'files', { type: 'text/plain', name: 'a.txt', base64: 'aGk=' })
  expect(await (await fetch(file.url)).text()).toBe('hi')
  expect(await control('GET', 'state')).toMatchObject({
    profile: '9',
    messages: [{ text: 'hi' }, { text: 'hello' }],
  })
})
