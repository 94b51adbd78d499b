import { describe, expect, test } from 'vitest'
import { ann, call, ended, form, get, nobody, post, say, start, texts, wide } from './rapidpro-support.ts'

describe('who may ask', () => {
  test.each([
    ['no header', undefined, 'Authentication credentials were not provided.'],
    ['another scheme', 'Bearer TOKEN', 'Authentication credentials were not provided.'],
    ['a wrong token', 'Token abc', 'Invalid token'],
    ['a wrong password', `Basic ${Buffer.from('bob@nyaruka.com:abc').toString('base64')}`, 'Invalid token'],
  ])('%s is 403', async (_case, authorization, detail) => {
    const rapidpro = await start()
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const answer = await fetch(`${rapidpro.url}/api/v2/messages.json`, { headers })
    expect([answer.status, await answer.json()]).toEqual([403, { detail }])
    expect(rapidpro.state.requests).toMatchObject([
      { method: 'GET', path: '/api/v2/messages.json', status: 403 },
    ])
  })

  test('the token opens, alone or as a password, and the workspace is named', async () => {
    const rapidpro = await start()
    const basic = `Basic ${Buffer.from(`bob@nyaruka.com:${rapidpro.token}`).toString('base64')}`
    const answer = await call(rapidpro, 'GET', 'contacts.json', undefined, { authorization: basic })
    expect([answer.status, answer.headers.get('x-temba-org')]).toEqual([200, '1'])
    expect(answer.json.results).toMatchObject([
      { uuid: ann, urns: ['tel:+12024561111'], fields: { age: '33' } },
    ])
    expect((await get(rapidpro, 'contacts')).json).toEqual([])
    expect((await fetch(`${rapidpro.url}/api/v2/nothing.json`)).headers.get('content-type')).toBe('text/html')
  })
})

describe('sending messages', () => {
  test.each(['9', '26'] as const)(
    '%s sends the text as it is, trimmed, to the limit in characters',
    async profile => {
      const rapidpro = await start({ profile })
      const limit = profile === '9' ? 640 : 4096
      const text = `@contact.name @(1+1) ${'😀'.repeat(limit - 21)}`
      const sent = await post(rapidpro, 'messages.json', { contact: 'tel:+12024561111', text: ` ${text}\n` })
      const contact = { uuid: ann, name: 'Ann' }
      expect(sent.status).toBe(201)
      expect(sent.json).toMatchObject({
        contact,
        text,
        urn: 'tel:+12024561111',
        direction: 'out',
        status: 'queued',
      })
      expect('quick_replies' in sent.json).toBe(profile === '26')
      expect(rapidpro.messagesTo(ann)).toMatchObject([{ text, via: 'message' }])
    },
  )

  test('a file goes by its UUID, or by a URL that holds it, and can be fetched', async () => {
    const rapidpro = await start()
    const { status, json: media } = await post(rapidpro, 'media.json', form('image/jpeg', 7))
    expect([status, media]).toMatchObject([
      201,
      { content_type: 'image/jpeg', filename: 'photo 1.jpg', size: 7 },
    ])
    for (const file of [media.uuid, `image/jpeg:${media.url}`]) {
      await post(rapidpro, 'messages.json', { contact: ann, attachments: [file] })
    }
    const attachments = [{ content_type: 'image/jpeg', url: media.url }]
    expect(rapidpro.messagesTo(ann)).toMatchObject([
      { text: '', attachments },
      { text: '', attachments },
    ])
    const file = await fetch(media.url)
    expect([file.headers.get('content-type'), (await file.arrayBuffer()).byteLength]).toEqual([
      'image/jpeg',
      7,
    ])
  })

  test('201 is not sent: without a URN, blocked, or the same text over and over', async () => {
    const rapidpro = await start()
    const silent = rapidpro.addContact({ urn: null })
    const failed = await post(rapidpro, 'messages.json', { contact: silent.uuid, text: 'hi' })
    expect([failed.status, failed.json]).toMatchObject([201, { status: 'failed', channel: null, urn: null }])
    for (let i = 0; i < 20; i += 1) await post(rapidpro, 'messages.json', say('same'))
    expect((await post(rapidpro, 'messages.json', say('same'))).json.status).toBe('failed')
    expect((await post(rapidpro, 'messages.json', say('other'))).json.status).toBe('queued')
    rapidpro.blockContact(ann)
    expect((await post(rapidpro, 'messages.json', say('hi'))).json.status).toBe('failed')
    expect(rapidpro.messagesTo(ann)).toHaveLength(21)
  })

  test('the phone can be waited for, each message once', async () => {
    const rapidpro = await start()
    const soon = rapidpro.nextMessageTo(ann, ({ text }) => text === 'b')
    for (const text of ['a', 'b']) await post(rapidpro, 'messages.json', say(text))
    expect((await soon).text).toBe('b')
    expect((await rapidpro.nextMessageTo(ann)).text).toBe('a')
    await expect(rapidpro.nextMessageTo(ann, undefined, 1)).rejects.toThrow('the phone shows ["a","b"]')
  })
})

describe('reading the conversation', () => {
  test('newest first, 250 a page, by one filter, within inclusive times', async () => {
    const rapidpro = await start()
    const lines = Array.from(
      { length: 501 },
      (_, i) => ({ from: i % 2 ? 'bot' : 'client', text: `${i}`, at: i }) as const,
    )
    rapidpro.addHistory(ann, lines)
    const pages: string[][] = []
    let next = `${rapidpro.url}/api/v2/messages.json?contact=${ann}`
    while (next) {
      const page = await get(rapidpro, next.slice(`${rapidpro.url}/api/v2/`.length))
      pages.push(texts(page))
      next = page.json.next
    }
    expect(pages.map(page => [page.length, page[0]])).toEqual([
      [250, '500'],
      [250, '250'],
      [1, '0'],
    ])
    const after = new Date(498).toISOString()
    expect(texts(await get(rapidpro, `messages.json?contact=${ann}&after=${after}`))).toEqual([
      '500',
      '499',
      '498',
    ])
    expect(texts(await get(rapidpro, `messages.json?contact=${ann}&after=soon`))).toEqual([])
    expect(texts(await get(rapidpro, `messages.json?contact=${nobody}`))).toEqual([])
    expect((await get(rapidpro, `messages.json?contact=${ann}&folder=sent`)).status).toBe(400)
    expect((await get(rapidpro, `messages.json?folder=inbox`)).json.results[0]).toMatchObject({
      direction: 'in',
      status: 'handled',
    })
  })
})

describe('contacts, flow starts and actions', () => {
  test('a POST by an unknown URN creates, by a known one updates', async () => {
    const rapidpro = await start()
    expect((await post(rapidpro, 'contacts.json?urn=telegram%3A5', { name: 'Bea' })).status).toBe(201)
    const updated = await post(rapidpro, 'contacts.json?urn=telegram%3A5', { fields: { age: '7' } })
    expect([updated.status, updated.json]).toMatchObject([200, { name: 'Bea', fields: { age: '7' } }])
    expect((await get(rapidpro, 'contacts.json')).json.results[0].name).toBe('Bea')
  })

  test('a start is recorded, its params cleaned, and moves the contact; an interrupt takes them out', async () => {
    const rapidpro = await start()
    const params = { 'a b': 'x'.repeat(700), list: ['p', null] }
    const started = await post(rapidpro, 'flow_starts.json', {
      flow: ended,
      contacts: [ann],
      extra: {},
      params,
    })
    const shown = { a_b: 'x'.repeat(640), list: { 0: 'p', 1: '' } }
    expect([started.status, started.json]).toMatchObject([
      201,
      { status: 'pending', params: shown, extra: shown, restart_participants: true, exclude_active: false },
    ])
    await rapidpro.waitUntil(() => rapidpro.flowStarts[0]?.status === 'completed')
    expect((await get(rapidpro, `contacts.json?uuid=${ann}`)).json.results[0].flow).toEqual({
      uuid: ended,
      name: 'Chat ended',
    })
    const action = await post(rapidpro, 'contact_actions.json', { contacts: [ann], action: 'interrupt' })
    expect([action.status, action.json]).toEqual([204, undefined])
    await rapidpro.waitUntil(() => rapidpro.state.contacts.get(ann)?.flow === null)
    expect(rapidpro.state.contactActions).toMatchObject([{ action: 'interrupt', contacts: [ann] }])
  })

  test('a start can leave out those in a flow, and those who were in this one', async () => {
    const rapidpro = await start({ flows: [{ uuid: ended }, { uuid: nobody, name: 'Other' }] })
    const begin = async (flow: string, options = {}) => {
      await post(rapidpro, 'flow_starts.json', { flow, contacts: [ann], ...options })
      await rapidpro.waitUntil(() => rapidpro.flowStarts.at(-1)?.status === 'completed')
      return rapidpro.state.contacts.get(ann)?.flow?.uuid
    }
    expect(await begin(ended)).toBe(ended)
    expect(await begin(nobody, { exclude_active: true })).toBe(ended)
    expect(await begin(nobody)).toBe(nobody)
    expect(await begin(ended, { restart_participants: false })).toBe(nobody)
  })

  test('blocking and deleting by action', async () => {
    const rapidpro = await start()
    await post(rapidpro, 'contact_actions.json', { contacts: ['tel:+12024561111'], action: 'block' })
    expect((await get(rapidpro, 'contacts.json')).json.results[0]).toMatchObject({
      status: 'blocked',
      blocked: true,
    })
    await post(rapidpro, 'contact_actions.json', { contacts: [ann], action: 'delete' })
    expect((await get(rapidpro, 'contacts.json')).json.results).toEqual([])
    expect((await get(rapidpro, 'contacts.json?deleted=true')).json.results).toMatchObject([
      { uuid: ann, name: null },
    ])
  })
})

describe('limits and switches', () => {
  test('the sliding hour is counted per scope', async () => {
    let now = 0
    const rapidpro = await start({ now: () => now })
    Object.assign(rapidpro.state.settings, { rateLimits: true, hourlyLimits: { messages: 2 } })
    await get(rapidpro, 'messages.json')
    now = 600_000
    await post(rapidpro, 'messages.json', say('a'))
    const { status, headers, json } = await post(rapidpro, 'messages.json', say('b'))
    expect([status, headers.get('retry-after')]).toEqual([429, '3000'])
    expect(json.detail).toBe('Request was throttled. Expected available in 3000 seconds.')
    expect((await post(rapidpro, 'broadcasts.json', wide('c'))).status).toBe(201)
    now = 3_600_000
    expect((await post(rapidpro, 'messages.json', say('d'))).status).toBe(201)
  })

  test('hidden URNs, a suspended workspace, a text limit', async () => {
    const rapidpro = await start({ textLimit: 3 })
    expect((await post(rapidpro, 'messages.json', say('abcd'))).status).toBe(400)
    rapidpro.state.settings.hideUrns = true
    expect((await post(rapidpro, 'messages.json', say('abc'))).json.urn).toBeNull()
    expect((await get(rapidpro, 'contacts.json')).json.results[0].urns).toEqual(['tel:********'])
    expect((await get(rapidpro, 'contacts.json?urn=tel%3A%2B12024561111')).status).toBe(400)
    rapidpro.state.settings.suspended = true
    expect((await post(rapidpro, 'messages.json', say('abc'))).json.non_field_errors).toHaveLength(1)
  })

  test('hosted files expire', async () => {
    let now = 0
    const rapidpro = await start({ now: () => now })
    const url = rapidpro.hostFile({ type: 'image/png', data: 'png', name: 'a b.png', expiresInMs: 5 })
    expect(await (await fetch(url)).text()).toBe('png')
    now = 5
    expect((await fetch(url)).status).toBe(403)
    expect(
      (await fetch(rapidpro.hostFile({ type: 'a/b', data: '', name: 'x', forbidden: true }))).status,
    ).toBe(403)
  })

  test('fast mode answers and counts the same without a log', async () => {
    const rapidpro = await start({ fast: true })
    expect((await post(rapidpro, 'messages.json', say('a'))).status).toBe(201)
    expect(rapidpro.state.requests).toEqual([])
    expect(rapidpro.state.counts).toMatchObject({ requests: 1, messages: 1 })
    expect(rapidpro.messagesTo(ann)).toMatchObject([{ text: 'a' }])
  })
})

describe('faults', () => {
  test('429, 500, 502, then as if nothing had been', async () => {
    const rapidpro = await start()
    rapidpro.faults.add({ kind: 'too-many-requests', resetMs: 1500, route: '/api/v2/messages*', times: 1 })
    const throttled = await post(rapidpro, 'messages.json', say('a'))
    expect([throttled.status, throttled.headers.get('retry-after')]).toEqual([429, '2'])
    expect(throttled.json.detail).toContain('2 seconds')
    for (const [kind, status] of [
      ['server-error', 500],
      ['bad-gateway', 502],
    ] as const) {
      rapidpro.faults.add({ kind, times: 1 })
      expect((await fetch(`${rapidpro.url}/api/v2/messages.json`)).status).toBe(status)
    }
    expect((await post(rapidpro, 'messages.json', say('a'))).status).toBe(201)
  })

  test('a connection cut after the commit has sent the message, one cut before has not', async () => {
    const rapidpro = await start()
    rapidpro.faults.add({ kind: 'reset-after', times: 1 })
    await expect(post(rapidpro, 'messages.json', say('a'))).rejects.toThrow('fetch failed')
    rapidpro.faults.add({ kind: 'reset-before', times: 1 })
    await expect(post(rapidpro, 'messages.json', say('b'))).rejects.toThrow('fetch failed')
    expect(rapidpro.messagesTo(ann).map(({ text }) => text)).toEqual(['a'])
  })
})
