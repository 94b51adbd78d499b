import nock from 'nock'
import { describe, expect, it } from 'vitest'
import {
  api,
  contact,
  created,
  flow,
  makeCall,
  mockRapidPro,
  openBot,
  serve,
  session,
  site,
  text,
  token,
} from './kit.ts'

mockRapidPro()

const words = 'my secret words'

describe('by messages.json', () => {
  it('sends the text as it is', async () => {
    api('messages', { contact, text: 'a@b.org @(1)\n' }).reply(201, created())
    await openBot().sendToClient(session, text('a@b.org @(1)\n'), makeCall())
  })

  it('leaves out what RapidPro cannot read', async () => {
    api('messages', { contact, text: 'half \ufffd, nul ' }).reply(201, created())
    await openBot().sendToClient(session, text('half \ud83d, nul \0'), makeCall())
  })

  it.each(['', ' \n\t', '\u00a0\u2003', '\0\x1c\x85'])('sends nothing for the blank text %j', async blank => {
    await openBot().sendToClient(session, text(blank), makeCall())
  })
})

describe('by broadcasts.json', () => {
  it('doubles every @, so that no agent runs an expression', async () => {
    api('broadcasts', { contacts: [contact], text: 'a@@b.org @@(globals) @@@@' }).reply(201, {
      id: 1,
      text: '',
    })
    await openBot({ api: 'broadcasts' }).sendToClient(session, text('a@b.org @(globals) @@'), makeCall())
  })

  it('cuts once more what was cut for messages.json', async () => {
    api('broadcasts', { contacts: [contact], text: '@@@@ ' }).reply(201, created())
    api('broadcasts', { contacts: [contact], text: '@@@@' }).reply(201, created())
    await openBot({ api: 'broadcasts', text_limit: 5 }).sendToClient(session, text('@@ @@'), makeCall())
  })

  it('sends files as links', async () => {
    const line = 'a b.jpg https://files.example.org/1?to=me@@here'
    api('broadcasts', { contacts: [contact], text: line }).reply(201, created())
    const url = 'https://files.example.org/1?to=me@here'
    const attachments = [{ contentType: 'image/jpeg', url, name: ' a\nb.jpg' }]
    await openBot({ api: 'broadcasts' }).sendToClient(session, { text: '', attachments }, makeCall())
  })
})

type Row = [label: string, answer: (to: nock.Interceptor) => unknown, code: string, message?: RegExp]

const html = '<html>Bad Gateway</html>'
const rows: Row[] = [
  ['401', to => to.reply(401, { detail: 'x' }), 'MISCONFIGURED'],
  ['403', to => to.reply(403, { detail: 'Invalid token' }), 'MISCONFIGURED'],
  ['redirect', to => to.reply(301, '', { location: 'https://other.example.org/' }), 'MISCONFIGURED'],
  ['408', to => to.reply(408), 'UNREACHABLE'],
  ['500 in plain text', to => to.reply(500, 'Server Error. Site administrators notified'), 'UNREACHABLE'],
  ['502 in HTML', to => to.reply(502, html, { 'content-type': 'text/html' }), 'UNREACHABLE'],
  ['reset', to => to.replyWithError(Object.assign(new Error('x'), { code: 'ECONNRESET' })), 'UNREACHABLE'],
  ['malformed JSON with 200', to => to.reply(200, '{"id": 1,'), 'UNEXPECTED'],
  ['HTML with 200', to => to.reply(200, html), 'UNEXPECTED'],
  ['status failed', to => to.reply(201, created('failed')), 'REJECTED', /no channel or blocked/],
  ['400 on a field', to => to.reply(400, { contact: [`No such object: ${words}`] }), 'REJECTED', /contact$/],
  ['400 suspended', to => to.reply(400, { non_field_errors: [words] }), 'REJECTED', /non_field_errors$/],
  ['400 without JSON', to => to.reply(400, html), 'REJECTED', /400 to POST \w+\.json$/],
  ['400 with odd keys', to => to.reply(400, { [words]: ['x'] }), 'REJECTED', /400 to POST \w+\.json$/],
  ['409', to => to.reply(409, { detail: 'x' }), 'REJECTED'],
]

describe.each(['messages', 'broadcasts'])('an answer of %s.json', endpoint => {
  it.each(rows)('%s', async (_label, answer, code, message = /./) => {
    answer(api(endpoint))
    const call = makeCall()
    const error = await openBot({ api: endpoint })
      .sendToClient(session, text(words), call)
      .catch(error => error)
    expect(error).toMatchObject({ name: 'MediatorError', code, message: expect.stringMatching(message) })
    const seen = [error.message, ...call.lines].join()
    expect(seen).not.toContain(words)
    expect(seen).not.toContain(token)
  })

  it('no answer before the time is over', async () => {
    const over = new AbortController()
    const url = await serve(() => over.abort())
    const call = makeCall(1, over.signal)
    const sending = openBot({ api: endpoint, url }).sendToClient(session, text(words), call)
    await expect(sending).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('429: others wait too, until then', async () => {
    let now = 1_000_000
    const bot = openBot({ api: endpoint, ended_flow: flow }, { now: () => now })
    api(endpoint).reply(429, { detail: 'Request was throttled.' }, { 'retry-after': '90' })
    const throttled = { code: 'THROTTLED', retryAt: 1_090_000 }
    await expect(bot.sendToClient(session, text(words), makeCall())).rejects.toMatchObject(throttled)
    now = 1_089_999
    await expect(bot.sendToClient(session, text(words), makeCall())).rejects.toMatchObject(throttled)
    api('flow_starts').reply(201, { status: 'pending' })
    await bot.endHandoff(session, { reason: 'agent' }, makeCall())
    now = 1_090_000
    api(endpoint).reply(201, created())
    await bot.sendToClient(session, text(words), makeCall())
  })
})

describe('the end of a handoff', () => {
  const start = {
    flow,
    contacts: [contact],
    restart_participants: true,
    exclude_active: false,
  }

  it.each([
    ['the agent of the ending', { reason: 'agent', agent: 'Eva' }, session, ['rocketchat', 'Eva']],
    ['the agent of the session', { reason: 'expired' }, session, ['rocketchat', 'Ana']],
    ['unknown', { reason: 'failed' }, { ...session, desk: undefined, agent: undefined }, ['', '']],
  ] as const)('starts the flow: %s', async (_label, ending, of, [desk, agent]) => {
    api('flow_starts', { ...start, params: { reason: ending.reason, desk, agent } }).reply(201, {
      status: 'pending',
    })
    await openBot({ ended_flow: flow }).endHandoff(of, ending, makeCall())
  })

  it('asks for nothing where no flow is configured', async () => {
    await openBot().endHandoff(session, { reason: 'agent' }, makeCall())
  })

  it.each([
    [400, { flow: ['No such object: x'] }, 'REJECTED'],
    [403, { detail: 'x' }, 'MISCONFIGURED'],
    [404, { detail: 'x' }, 'MISCONFIGURED'],
    [500, 'x', 'UNREACHABLE'],
  ])('answered with %i', async (status, body, code) => {
    nock(site).post('/api/v2/flow_starts.json').reply(status, body)
    const ending = openBot({ ended_flow: flow }).endHandoff(session, { reason: 'agent' }, makeCall())
    await expect(ending).rejects.toMatchObject({ code })
  })
})
