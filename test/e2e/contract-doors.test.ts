import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  callsSeen,
  DESK_EVENTS,
  endPath,
  expectEnvelope,
  expectRefused,
  REGISTER,
  registerSomebody,
  registration,
  saying,
  sessionPath,
  TO_AGENT,
  TO_CLIENT,
} from '../http/asks.ts'
import { startWorld, WEBHOOK_SECRET, type World } from '../support/world.ts'

const DEAD_LETTERS = '/live-agents/dead-letters'
const DAY_STATUS = '/live-agents/project/hiv/country/gt/day-status'
const someone = randomUUID()

const BEHIND_API_TOKEN: [method: string, path: string, body?: unknown][] = [
  ['POST', REGISTER, registration(someone)],
  ['POST', TO_AGENT, saying(someone, 'hello')],
  ['DELETE', endPath(someone)],
  ['GET', sessionPath(someone)],
  ['GET', DEAD_LETTERS],
  ['POST', `${DEAD_LETTERS}/1/replay`],
]

const WRONG_TOKENS = [
  '',
  'Token',
  'Token wrong',
  'Bearer wrong',
  'Basic Zmlyc3Q6',
  'first-token',
  'Token first-tokenx',
]

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { API_TOKENS: ' first-token , second-token' } })
})
afterAll(() => world?.stop())

/** With the token that the world would send itself left out. */
function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  return world.call(method, path, body, { authorization: 'Token first-token', ...headers })
}

describe('who may come in', () => {
  it.each(BEHIND_API_TOKEN)('%s %s wants one of the API tokens', async (method, path, body) => {
    for (const authorization of WRONG_TOKENS) {
      const before = callsSeen(world)
      const answer = await call(method, path, body, { authorization })
      expectEnvelope(answer, 401, 'unauthorized')
      expect(callsSeen(world)).toBe(before)
    }
    expectEnvelope(await call('GET', sessionPath(someone)), 404, 'no-session')
  })

  it.each(['Token first-token', 'Bearer first-token', 'Token second-token', 'bearer second-token'])(
    'lets "%s" in',
    async authorization => {
      expectEnvelope(await call('GET', DEAD_LETTERS, undefined, { authorization }), 200, 'success')
    },
  )

  it.each(['/health/live', '/health/ready', '/metrics', '/openapi.json', '/docs', DAY_STATUS])(
    'GET %s asks for no token',
    async path => {
      expect((await call('GET', path, undefined, { authorization: '' })).status).toBe(200)
    },
  )

  it('lets a desk in by its header or by ?token=, and by nothing else', async () => {
    const event = { type: 'LeadCapture' }
    const withHeader = { authorization: '', 'x-rocketchat-livechat-token': WEBHOOK_SECRET }
    for (const path of [TO_CLIENT, DESK_EVENTS]) {
      expectEnvelope(await call('POST', path, event, withHeader), 200, 'ignored')
      const inQuery = `${path}?token=${WEBHOOK_SECRET}`
      expectEnvelope(await call('POST', inQuery, event, { authorization: '' }), 200, 'ignored')
      const wrong = { authorization: '', 'x-rocketchat-livechat-token': `${WEBHOOK_SECRET}x` }
      expectEnvelope(await call('POST', path, event, wrong), 401, 'unauthorized')
      expectEnvelope(await call('POST', `${path}?token=`, event, { authorization: '' }), 401, 'unauthorized')
      const twice = `${path}?token=a&token=${WEBHOOK_SECRET}`
      expectEnvelope(await call('POST', twice, event, { authorization: '' }), 401, 'unauthorized')
    }
  })

  it('takes an API token at sendMessageToClient, but not at the door of a desk', async () => {
    expectEnvelope(await call('POST', TO_CLIENT, { type: 'LeadCapture' }), 200, 'ignored')
    expectEnvelope(await call('POST', DESK_EVENTS, { type: 'LeadCapture' }), 401, 'unauthorized')
  })

  it('names a desk that is not there', async () => {
    const answer = await call('POST', `/live-agents/desks/nowhere/events?token=${WEBHOOK_SECRET}`, {})
    expectEnvelope(answer, 404, 'not-found')
    expect(answer.body.msg).toContain('"nowhere"')
  })
})

describe('unknown ways', () => {
  it.each([
    ['GET', '/'],
    ['POST', '/live-agents'],
    ['POST', '/live-agents/registerclient'],
    ['GET', '/live-agents/sessions'],
    ['POST', `${REGISTER}/more`],
    ['GET', '/live-agents/%e0%a4%a'],
    ['GET', `/live-agents/sessions/%ff`],
    ['GET', `/live-agents/sessions/${'x'.repeat(2_000)}`],
    ['GET', '/.env'],
    ['GET', '/docs/static/nothing-here.js'],
    ['POST', `/nowhere`],
  ])('%s %s is refused in the envelope', async (method, path) => {
    const answer = await call(method, path)
    expectEnvelope(answer, answer.status, answer.status === 400 ? 'invalid' : 'not-found')
    expect([400, 404]).toContain(answer.status)
  })

  it.each([
    [REGISTER, 'POST', ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    [TO_AGENT, 'POST', ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    [TO_CLIENT, 'POST', ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    [DESK_EVENTS, 'POST', ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    [endPath(someone), 'DELETE', ['GET', 'POST', 'PUT', 'PATCH', 'OPTIONS']],
    [sessionPath(someone), 'GET', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    [DEAD_LETTERS, 'GET', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    [DAY_STATUS, 'GET', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    ['/health/live', 'GET', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
    ['/openapi.json', 'GET', ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
  ])('%s knows only %s', async (path, allowed, others) => {
    for (const method of others) {
      const answer = await call(method, path)
      expectEnvelope(answer, 405, 'method-not-allowed')
      expect(answer.headers.get('allow')?.split(', ')).toContain(allowed)
    }
  })

  it('says 405 and 404 whatever the body is', async () => {
    expectEnvelope(await call('PUT', REGISTER, '{not json'), 405, 'method-not-allowed')
    expectEnvelope(await call('POST', '/nowhere', '{not json'), 404, 'not-found')
  })

  it('refuses a method it has never heard of in the envelope', async () => {
    expectEnvelope(await call('PROPFIND', REGISTER), 404, 'not-found')
  })

  it('HEAD of a page is that page without its body', async () => {
    const answer = await call('HEAD', '/health/live')
    expect({ status: answer.status, text: answer.body.text }).toEqual({ status: 200, text: '' })
  })
})

describe('no redirect', () => {
  it.each([
    ['GET', '/docs'],
    ['GET', '/docs/'],
    ['GET', '/health/live/'],
    ['GET', '//health//live'],
    ['GET', `${DAY_STATUS}/`],
    ['GET', '/openapi.json/'],
    ['GET', `${DEAD_LETTERS}/`],
    ['DELETE', `${endPath(someone)}/`],
    ['POST', `${TO_CLIENT}/`],
  ])('%s %s is answered where it was asked', async (method, path) => {
    const answer = await call(method, path, method === 'POST' ? { type: 'LeadCapture' } : undefined)
    expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({
      status: 200,
      location: null,
    })
  })

  it('registers at a path with a slash too many', async () => {
    const { uuid } = world.rapidpro.addContact()
    expectEnvelope(await call('POST', `${REGISTER}/`, registration(uuid)), 200, 'success')
    expectEnvelope(await call('POST', `/live-agents//sendMessageToAgent/`, saying(uuid, 'x')), 200, 'success')
  })
})

describe('what a body may say it is', () => {
  it.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'json',
    '*/*; q',
  ])('reads JSON whose content type is "%s"', async type => {
    const { uuid } = world.rapidpro.addContact()
    const body = Buffer.from(JSON.stringify(registration(uuid)))
    const answer = await sendRaw(REGISTER, type, body)
    expect(answer).toContain('HTTP/1.1 200 OK')
    expect(world.rocketchat.openRoomOf(uuid)).toBeDefined()
  })

  /** As a client that leaves the header away, which fetch does not. */
  function sendRaw(path: string, type: string, body: Buffer): Promise<string> {
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: mediator',
      'authorization: Token first-token',
      ...(type ? [`content-type: ${type}`] : []),
      `content-length: ${body.length}`,
      'connection: close',
    ]
    return exchange(Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]))
  }

  function exchange(bytes: Buffer): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const socket = connect(Number(new URL(world.mediator.url).port), '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.on('data', chunk => (text += chunk))
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
    return promise
  }
})

describe('how large a body may be', () => {
  const MIB = 1024 * 1024

  it.each([REGISTER, TO_AGENT])('%s takes 1 MiB and no more', async path => {
    const uuid = randomUUID()
    const padded = (size: number): string => {
      const body = { ...registration(uuid), ...saying(uuid, ''), input: { text: '' }, padding: '' }
      return JSON.stringify({ ...body, padding: 'x'.repeat(size - JSON.stringify(body).length) })
    }
    const refused = () => call('POST', path, padded(2 * MIB))
    await expectRefused({ ...world, call }, uuid, refused, 413, 'too-large')
    await expectRefused({ ...world, call }, uuid, () => call('POST', path, padded(MIB + 1)), 413, 'too-large')
    expect((await call('POST', path, padded(MIB))).status).not.toBe(413)
  })

  it('takes a closing webhook of 5 MB', async () => {
    const { uuid, rid } = await registerSomebody({ ...world, call })
    const messages = Array.from({ length: 5_000 }, (_, i) => ({
      _id: `m${i}`,
      msg: 'x'.repeat(1_000),
      agentId: 'a',
    }))
    const closing = { type: 'LivechatSession', _id: rid, visitor: { token: uuid }, closer: 'user', messages }
    const closedAt = new Date().toISOString()
    const answer = await call('POST', TO_CLIENT, { ...closing, closedAt })
    expectEnvelope(answer, 200, 'success')
    expectEnvelope(await call('POST', TO_AGENT, saying(uuid, 'still there?')), 409, 'session-closed')
    expect(world.rapidpro.messagesTo(uuid)).toEqual([])
  })

  it('refuses a desk’s body over 16 MiB', async () => {
    const body = { type: 'LeadCapture', padding: 'x'.repeat(16 * MIB) }
    expectEnvelope(await call('POST', TO_CLIENT, body), 413, 'too-large')
    const inside = { type: 'LeadCapture', padding: 'x'.repeat(16 * MIB - 100) }
    expectEnvelope(await call('POST', TO_CLIENT, inside), 200, 'ignored')
  })
})
