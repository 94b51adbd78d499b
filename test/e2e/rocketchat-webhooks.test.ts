import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { WebhookDelivery } from '../../simulators/rocketchat/index.ts'
import { type Answer, STORES, startWorld, WEBHOOK_SECRET, type World } from '../support/world.ts'
import {
  agentSays,
  allQuiet,
  type Conversation,
  clientReads,
  ended,
  endings,
  handOver,
  STARTS_ENDED_FLOW,
} from './rocketchat-conversation.ts'

/** 6.14 waits for each webhook before it goes on, 8.8 does not. */
const RELEASES = ['6.14', '8.8'] as const

describe.each(STORES)('on %s', store => {
  describe.each(RELEASES)('webhooks of Rocket.Chat %s', profile => {
    let world: World
    beforeAll(async () => {
      const settings = { API_Enable_Rate_Limiter: false, webhookRetryMs: 50 }
      world = await startWorld({ store, rocketchat: { profile, settings }, ...STARTS_ENDED_FLOW })
    })
    afterEach(() => world.rocketchat.faults.clear())
    afterAll(() => world?.stop())

    it('does nothing twice when each comes twice', async () => {
      const { rocketchat } = world
      rocketchat.faults.add({ kind: 'duplicate', route: '*' })
      const conversation = await handOver(world)
      const { room } = conversation
      const { _id } = await agentSays(world, conversation, 'one')
      await rocketchat.editMessage(_id, 'one, edited')
      await rocketchat.webhooksSettled()
      await rocketchat.sendFile(room._id, { name: 'a.pdf', type: 'application/pdf', data: 'a' })
      await rocketchat.webhooksSettled()
      await rocketchat.forward(room._id, { department: 'GTM_HIV_GENERAL' })
      await rocketchat.close(room._id, { comment: 'bye' })
      await ended(world, conversation)
      expect(clientReads(world, conversation)).toEqual(['one', 'one, edited', '', 'bye'])
      expect(endings(world, conversation)).toBe(1)
      const tries = rocketchat.state.webhooks.filter(({ body }) => body._id === room._id)
      expect(tries.every(({ attempts, status }) => attempts === 2 && status === 200)).toBe(true)
    })

    it('does nothing twice when copies come at the same time', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      rocketchat.faults.add({ kind: 'drop', route: '*' })
      await rocketchat.say(conversation.room._id, 'only once')
      await rocketchat.close(conversation.room._id, { comment: 'bye' })
      const [message, closing] = lost(world, conversation)
      const copies = await Promise.all(Array.from({ length: 8 }, () => resend(world, message)))
      expect(copies.map(({ status }) => status)).toEqual(Array(8).fill(200))
      const closings = await Promise.all(Array.from({ length: 8 }, () => resend(world, closing)))
      expect(closings.map(({ status }) => status)).toEqual(Array(8).fill(200))
      await ended(world, conversation)
      expect(clientReads(world, conversation)).toEqual(['only once', 'bye'])
      expect(endings(world, conversation)).toBe(1)
    })

    it('still delivers what was written before the end and comes after it', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { room } = conversation
      rocketchat.faults.add({ kind: 'reorder', route: 'Message', times: 1 })
      await rocketchat.say(room._id, 'one last thing')
      await rocketchat.close(room._id, { comment: 'bye' })
      await ended(world, conversation)
      expect(clientReads(world, conversation)).toEqual(['one last thing', 'bye'])
      expect(endings(world, conversation)).toBe(1)
      const order = rocketchat.state.webhooks.filter(({ body }) => body._id === room._id)
      expect(order.every(({ status }) => status === 200)).toBe(true)
    })

    it('delivers what was written before the end and never came, in its place before it', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { room } = conversation
      await rocketchat.say(room._id, 'one')
      await rocketchat.webhooksSettled()
      const lost = rocketchat.faults.add({ kind: 'drop', route: 'Message' })
      await rocketchat.say(room._id, 'two')
      await rocketchat.sendFile(room._id, { name: 'a.pdf', type: 'application/pdf', data: 'a' })
      rocketchat.faults.remove(lost)
      await rocketchat.close(room._id, { comment: 'bye' })
      await ended(world, conversation)
      expect(clientReads(world, conversation)).toEqual(['one', 'two', '', 'bye'])
      expect(endings(world, conversation)).toBe(1)
    })

    it('loses nothing when they come late or in another order', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { room } = conversation
      rocketchat.faults.add({ kind: 'reorder', route: 'Message', probability: 0.5, seed: 7 })
      rocketchat.faults.add({ kind: 'delay', route: 'Message', ms: 120, probability: 0.3, seed: 5 })
      rocketchat.faults.add({ kind: 'duplicate', route: 'Message', probability: 0.5, seed: 3 })
      const texts = Array.from({ length: 12 }, (_, i) => `number ${10 + i}`)
      await Promise.all(texts.map(text => rocketchat.say(room._id, text)))
      await rocketchat.webhooksSettled()
      await allQuiet(world, conversation)
      expect(clientReads(world, conversation).toSorted()).toEqual(texts)
    })

    it('ends once when agent, bot and client come at the same moment', async () => {
      const all = await Promise.all(Array.from({ length: 12 }, () => handOver(world)))
      await Promise.all(all.map(conversation => everybodyAtOnce(world, conversation)))
      for (const conversation of all) {
        const { ended: reason } = await ended(world, conversation)
        expect(['agent', 'gone', 'bot']).toContain(reason)
        expect(endings(world, conversation)).toBe(reason === 'bot' ? 0 : 1)
        expect(clientReads(world, conversation).length).toBeLessThanOrEqual(1)
        expect(conversation.room.closedAt).toBeDefined()
      }
    })

    it('ignores, with 200, chats that are not ours', async () => {
      const { rocketchat, rapidpro } = world
      const asked = rapidpro.state.requests.length
      await widgetChat(world, 'a-web-visitor')
      const room = rocketchat.openRoomOf('a-web-visitor')
      await rocketchat.say(room?._id ?? '', 'hello, web visitor')
      await rocketchat.close(room?._id ?? '', { comment: 'bye, web visitor' })
      await rocketchat.webhooksSettled()
      const own = rocketchat.state.webhooks.filter(({ body }) => body._id === room?._id)
      expect(own.map(({ type }) => type)).toEqual(expect.arrayContaining(['Message', 'LivechatSession']))
      expect(own.every(({ status, attempts }) => status === 200 && attempts === 1)).toBe(true)
      const kept = JSON.parse(rocketchat.state.rooms.get(room?._id ?? '')?.crmData ?? '')
      expect(kept).toEqual({ status_code: 200, status: 'ignored', msg: expect.any(String) })
      expect(rapidpro.state.requests.length).toBe(asked)
    })

    it('believes the room, not the token: another room with a client’s token is not the client’s', async () => {
      const conversation = await handOver(world)
      await agentSays(world, conversation, 'from your room')
      const [message] = lost(world, conversation)
      const stranger = { ...message?.body, _id: 'someOtherRoom1234', messages: [agentElement('not for you')] }
      const answer = await post(world, stranger)
      expect(answer).toMatchObject({ status: 200, body: { status: 'ignored' } })
      await allQuiet(world, conversation)
      expect(clientReads(world, conversation)).toEqual(['from your room'])
    })

    it('refuses a wrong secret, and takes an API token in its place', async () => {
      const conversation = await handOver(world)
      const body = {
        _id: conversation.room._id,
        type: 'Message',
        visitor: { token: conversation.contact.uuid },
        messages: [agentElement('psst')],
      }
      const wrong = { 'x-rocketchat-livechat-token': 'guessed', authorization: '' }
      expect(await world.call('POST', PATH, body, wrong)).toMatchObject({
        status: 401,
        body: { status: 'unauthorized' },
      })
      expect(clientReads(world, conversation)).toEqual([])
      expect(await world.call('POST', PATH, body)).toMatchObject({ status: 200 })
      expect(clientReads(world, conversation)).toEqual(['psst'])
    })

    it('takes the original API’s shortest bodies', async () => {
      const conversation = await handOver(world)
      const visitor = { token: conversation.contact.uuid }
      const text = { type: 'Message', visitor, messages: [{ msg: 'short' }] }
      expect(await post(world, text)).toMatchObject({ status: 200, body: { status: 'success' } })
      const publicFilePath = world.rapidpro.hostFile({ type: 'image/png', data: 'png', name: 'p.png' })
      const messages = [{ fileUpload: { publicFilePath, type: 'image/png' } }]
      const file = { type: 'Message', visitor, messages }
      expect(await post(world, file)).toMatchObject({ status: 200, body: { status: 'success' } })
      await allQuiet(world, conversation)
      const screen = world.rapidpro.messagesTo(conversation.contact.uuid)
      expect(screen).toMatchObject([
        { text: 'short', attachments: [] },
        { text: '', attachments: [{ content_type: 'image/png' }] },
      ])
    })
  })
})

async function everybodyAtOnce(world: World, { contact, flow, room }: Conversation): Promise<void> {
  const tooLate = (error: Error) => expect(error.message).toBe('room-closed')
  const [, said, { status }] = await Promise.all([
    world.rocketchat.close(room._id, { comment: 'bye' }).catch(tooLate),
    flow.clientSays('wait'),
    world.call('DELETE', `/live-agents/session/user/${contact.uuid}`),
  ])
  expect([200, 409]).toContain(said?.status)
  expect(status).toBe(200)
}

const PATH = '/live-agents/sendMessageToClient'

function post(world: World, body: unknown): Promise<Answer> {
  return world.call('POST', PATH, body, {
    authorization: '',
    'x-rocketchat-livechat-token': WEBHOOK_SECRET,
  })
}

/** The webhooks of the room about a message and its end, the ones that were never sent included. */
function lost({ rocketchat }: World, { room }: Conversation): WebhookDelivery[] {
  const own = rocketchat.state.webhooks.filter(({ body }) => body._id === room._id)
  return own.filter(({ type }) => type === 'Message' || type === 'LivechatSession')
}

function resend(world: World, delivery: WebhookDelivery | undefined): Promise<Answer> {
  return post(world, delivery?.body)
}

function agentElement(msg: string) {
  const ts = new Date().toISOString()
  return {
    _id: `m${Math.random()}`,
    u: { _id: 'agent1', username: 'ana' },
    agentId: 'agent1',
    username: 'ana',
    msg,
    ts,
  }
}

/** Somebody who chats from a web page of the same workspace. */
async function widgetChat({ rocketchat }: World, token: string): Promise<void> {
  const api = `${rocketchat.url}/api/v1/livechat`
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ visitor: { token, name: 'Web' } })
  await fetch(`${api}/visitor`, { method: 'POST', headers, body })
  await fetch(`${api}/room?token=${token}`)
}
