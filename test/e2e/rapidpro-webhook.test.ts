import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  defaultBody,
  departmentBody,
  type FlowState,
  legacyBody,
  recommendedBody,
  type WebhookCall,
  type WebhookOutcome,
} from '../../simulators/rapidpro/index.ts'
import { API_TOKEN } from '../support/mediator-process.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import { agentReads, type Conversation, handOver, visitorMessages } from './rocketchat-conversation.ts'

describe.each(STORES)('what a flow posts on %s', store => {
  let world: World
  beforeAll(async () => {
    world = await startWorld({ store })
  })
  afterAll(() => world?.stop())

  const said = (text: string) => ({ 'Client Message': { value: text, category: 'All Responses' } })

  async function post(
    { contact }: Conversation,
    body: (state: FlowState) => string,
    state: Omit<FlowState, 'contact'>,
    call: WebhookCall = {},
  ): Promise<WebhookOutcome> {
    const { uuid, name, urns } = contact
    const text = body({ contact: { uuid, name: name ?? '', urn: urns[0] ?? null }, ...state })
    const headers = { authorization: `Token ${API_TOKEN}` }
    const url = `${world.mediator.url}/live-agents/sendMessageToAgent`
    return world.rapidpro.callWebhook(url, { ...call, headers: { ...headers, ...call.headers }, body: text })
  }

  it.each([
    ['default', defaultBody],
    ['department', departmentBody],
    ['legacy', legacyBody],
    ['recommended', recommendedBody],
  ])('is understood in the %s body', async (_name, body) => {
    const conversation = await handOver(world)
    const input = { uuid: crypto.randomUUID(), text: 'I feel better' }
    const outcome = await post(conversation, body, { results: said('I feel better'), input })
    expect(outcome).toMatchObject({
      status: 200,
      result: { category: 'Success' },
      webhook: { status: 'success' },
    })
    expect(agentReads(world, conversation)).toEqual(['I feel better'])
  })

  it('is read without a content type', async () => {
    const conversation = await handOver(world)
    const results = said('no header')
    expect(await post(conversation, defaultBody, { results }, { contentType: null })).toMatchObject({
      status: 200,
    })
    expect(agentReads(world, conversation)).toEqual(['no header'])
  })

  it.each([
    ['recommended', recommendedBody],
    ['legacy', legacyBody],
  ])('carries the whole text and every file in the %s body', async (_name, body) => {
    const conversation = await handOver(world)
    const host = (name: string, type: string) => world.rapidpro.hostFile({ name, type, data: name })
    const attachments = [
      { content_type: 'image/jpeg', url: host('a.jpg', 'image/jpeg') },
      { content_type: 'audio', url: host('b.mp3', 'audio/mpeg') },
      { content_type: 'unavailable', url: 'https://lost.example.org/c.jpg' },
      { content_type: 'geo', url: '14.6349,-90.5069' },
    ]
    const text = `long ${'words '.repeat(200)}end`
    const input = { uuid: crypto.randomUUID(), text, attachments }
    expect(await post(conversation, body, { results: said(text), input })).toMatchObject({ status: 200 })
    const [words, photo, sound, place, ...more] = visitorMessages(world, conversation.room)
    expect(words?.msg).toBe(text)
    expect([photo?.file, sound?.file]).toMatchObject([
      { name: 'a.jpg', type: 'image/jpeg' },
      { name: 'b.mp3', type: 'audio/mpeg' },
    ])
    expect(place?.msg).toMatch(/geo:14\.6349,-90\.5069\n.*mlat=14\.6349&mlon=-90\.5069/)
    expect(more).toEqual([])
  })

  it('is delivered once when the same message is posted again', async () => {
    const conversation = await handOver(world)
    const input = { uuid: crypto.randomUUID(), text: 'once' }
    const state = { results: said('once'), input }
    const all = await Promise.all(Array.from({ length: 5 }, () => post(conversation, recommendedBody, state)))
    const later = await post(conversation, recommendedBody, state)
    expect([...all, later].map(({ result }) => result.category)).toEqual(Array(6).fill('Success'))
    expect(later).toMatchObject({ status: 200 })
    expect(agentReads(world, conversation)).toEqual(['once'])
  })

  it('is two messages when two equal texts come without an id', async () => {
    const conversation = await handOver(world)
    const state = { results: said('ok') }
    for (let i = 0; i < 2; i++)
      expect(await post(conversation, defaultBody, state)).toMatchObject({ status: 200 })
    expect(agentReads(world, conversation)).toEqual(['ok', 'ok'])
  })

  it('is known by its Idempotency-Key where the body has no id', async () => {
    const conversation = await handOver(world)
    const state = { results: said('ok') }
    for (const idempotencyKey of ['first', 'first', 'second']) {
      const outcome = await post(conversation, defaultBody, state, { idempotencyKey })
      expect(outcome).toMatchObject({ status: 200 })
    }
    expect(agentReads(world, conversation)).toEqual(['ok', 'ok'])
  })

  it('is the client’s own: one id of two clients is two messages', async () => {
    const input = { uuid: crypto.randomUUID(), text: 'mine' }
    for (const conversation of [await handOver(world), await handOver(world)]) {
      await post(conversation, recommendedBody, { results: said('mine'), input })
      expect(agentReads(world, conversation)).toEqual(['mine'])
    }
  })

  it('goes nowhere from the flow simulator', async () => {
    const conversation = await handOver(world)
    const outcome = await post(conversation, defaultBody, { results: said('a test') }, { mode: 'simulation' })
    expect(outcome).toMatchObject({ status: 200, result: { category: 'Success' } })
    expect(outcome.msg).toContain('simulated')
    const path = `/live-agents/session/user/${conversation.contact.uuid}`
    const headers = { 'x-mailroom-mode': 'simulation' }
    expect(await world.call('DELETE', path, undefined, headers)).toMatchObject({ status: 200 })
    await post(conversation, defaultBody, { results: said('still here') })
    expect(agentReads(world, conversation)).toEqual(['still here'])
  })

  it('is refused when it says nothing, is no JSON, or carries no token', async () => {
    const conversation = await handOver(world)
    const unavailable = { content_type: 'unavailable', url: 'https://lost.example.org/c.jpg' }
    const input = { uuid: crypto.randomUUID(), text: ' ', attachments: [unavailable] }
    const empty = await post(conversation, recommendedBody, { results: said(''), input })
    expect(empty).toMatchObject({ status: 400, webhook: { status: 'invalid' } })
    const broken = await post(conversation, () => '{ "phone": "tel:+12065551212") }', {})
    expect(broken).toMatchObject({ status: 400, webhook: { status: 'invalid' } })
    const state = { results: said('let me in') }
    const stranger = await post(conversation, defaultBody, state, { headers: { authorization: 'Token x' } })
    expect(stranger).toMatchObject({ status: 401, webhook: { status: 'unauthorized' } })
    expect(agentReads(world, conversation)).toEqual([])
  })
})
