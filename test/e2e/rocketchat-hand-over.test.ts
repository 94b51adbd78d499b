import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { STORES, startWorld, type World } from '../support/world.ts'
import {
  agentReads,
  agentSays,
  allQuiet,
  askForAgent,
  clientReads,
  ended,
  endings,
  handOver,
  PROFILES,
  STARTS_ENDED_FLOW,
  showSession,
  visitorMessages,
} from './rocketchat-conversation.ts'

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

describe.each(STORES)('on %s', store => {
  describe.each(PROFILES)('Rocket.Chat %s', profile => {
    let world: World
    beforeAll(async () => {
      const settings = { API_Enable_Rate_Limiter: false, webhookRetryMs: 50 }
      // Everything an operator could switch on, wrongly or not.
      const chatty = {
        Livechat_webhook_on_start: true,
        Livechat_webhook_on_visitor_message: true,
        Livechat_webhook_on_capture: true,
      }
      const rocketchat = { profile, settings: { ...settings, ...chatty } }
      world = await startWorld({ store, rocketchat, ...STARTS_ENDED_FLOW })
    })
    afterAll(() => world?.stop())

    it('carries text and files both ways', async () => {
      const { rapidpro, rocketchat } = world
      const conversation = await handOver(world)
      const { contact, flow, room } = conversation
      expect(await flow.clientSays('good morning 😀')).toMatchObject({ status: 200 })
      const photo = rapidpro.hostFile({ type: 'image/png', data: PNG, name: 'rash.png' })
      expect(await flow.clientSays('look', [{ content_type: 'image/png', url: photo }])).toMatchObject({
        status: 200,
      })
      const [hello, look, file] = visitorMessages(world, room)
      expect([hello?.msg, look?.msg, file?.file?.name]).toEqual(['good morning 😀', 'look', 'rash.png'])
      expect(rocketchat.state.uploads.get(file?.file?._id ?? '')).toMatchObject({
        type: 'image/png',
        data: PNG,
      })

      await agentSays(world, conversation, 'hello Ryan')
      const pdf = { name: 'leaflet.pdf', type: 'application/pdf', data: 'a leaflet', caption: 'read this' }
      await rocketchat.sendFile(room._id, pdf)
      expect(await rapidpro.nextMessageTo(contact.uuid)).toMatchObject({ text: 'hello Ryan' })
      expect(await rapidpro.nextMessageTo(contact.uuid)).toMatchObject({ text: 'read this' })
      const received = await rapidpro.nextMessageTo(contact.uuid)
      expect(received).toMatchObject({ text: '', attachments: [{ content_type: 'application/pdf' }] })
      const bytes = await (await fetch(received.attachments[0]?.url ?? '')).text()
      expect(bytes).toBe('a leaflet')
      await allQuiet(world, conversation)
      expect(clientReads(world, conversation)).toHaveLength(3)
      expect(visitorMessages(world, room)).toHaveLength(3)
    })

    it('passes the closing comment on once, and starts the ended flow once', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      await conversation.flow.clientSays('hello')
      await agentSays(world, conversation, 'hi')
      await rocketchat.close(conversation.room._id, { comment: 'take care :wave:' })
      expect(await ended(world, conversation)).toMatchObject({ ended: 'agent' })
      expect(clientReads(world, conversation)).toEqual(['hi', 'take care 👋'])
      expect(endings(world, conversation)).toBe(1)
      const { contact, flow } = conversation
      await until('the ended flow has taken the contact over', () => !flow.isActive())
      const { status, body } = await world.call('POST', '/live-agents/sendMessageToAgent', {
        contact: { uuid: contact.uuid },
        results: { clientmessage: { value: 'one more thing' } },
      })
      expect({ status, word: body.status }).toEqual({ status: 409, word: 'session-closed' })
    })

    it('closes for our delete without starting the ended flow, although the webhook of it comes back', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { contact, flow, room } = conversation
      await flow.clientSays('never mind')
      const { status } = await world.call('DELETE', `/live-agents/session/user/${contact.uuid}`)
      expect(status).toBe(200)
      expect(room).toMatchObject({ closer: 'visitor' })
      expect(await ended(world, conversation)).toMatchObject({ ended: 'bot' })
      const closings = rocketchat.state.webhooks.filter(({ body }) => body._id === room._id)
      expect(closings.at(-1)).toMatchObject({ type: 'LivechatSession', status: 200, attempts: 1 })
      expect(endings(world, conversation)).toBe(0)
      expect(clientReads(world, conversation)).toEqual([])
      expect(flow.isActive()).toBe(true)
    })

    it('goes on after transfers to an agent and to a department, and tells the client nothing of them', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { contact, flow, room } = conversation
      const first = room.servedBy?.username === 'ana' ? 'ana' : 'luis'
      const second = first === 'ana' ? 'luis' : 'ana'
      await agentSays(world, conversation, `this is ${first}`)
      await rocketchat.forward(room._id, { agent: second })
      await agentSays(world, conversation, `this is ${second}`)
      await flow.clientSays('who are you?')
      await rocketchat.forward(room._id, { department: 'GTM_HIV_GENERAL' })
      await agentSays(world, conversation, 'this is Ana')
      await flow.clientSays('hello Ana')
      await allQuiet(world, conversation)
      expect(clientReads(world, conversation)).toEqual([
        `this is ${first}`,
        `this is ${second}`,
        'this is Ana',
      ])
      expect(agentReads(world, conversation)).toEqual(['who are you?', 'hello Ana'])
      expect(await showSession(world, contact.uuid)).toMatchObject({ state: 'assigned', agent: 'Ana' })
      expect(rocketchat.state.webhooks.map(({ type }) => type)).toContain('LivechatSessionForwarded')
    })

    it('passes an edit on as a new message, a quote without its link, emoji as such', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { room } = conversation
      const { _id } = await agentSays(world, conversation, 'come at 8 :smile: :no_such_thing:')
      await rocketchat.editMessage(_id, 'come at 9 :smile: :no_such_thing:')
      await allQuiet(world, conversation)
      await conversation.flow.clientSays('where to?')
      const question = visitorMessages(world, room)[0]
      await rocketchat.quote(room._id, 'here :+1:', question?._id ?? '')
      await allQuiet(world, conversation)
      expect(clientReads(world, conversation)).toEqual([
        'come at 8 😄 :no_such_thing:',
        'come at 9 😄 :no_such_thing:',
        'here 👍',
      ])
    })

    it('shows the client neither their own words, nor the server’s, nor a transcript', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { flow, room } = conversation
      await flow.clientSays('write to eva@example.org or call 5555 1234')
      rocketchat.systemMessage(room._id)
      await agentSays(world, conversation, 'I will')
      const taker = room.servedBy?.username === 'ana' ? 'luis' : 'ana'
      await rocketchat.forward(room._id, { agent: taker })
      await flow.clientSays('thanks')
      await rocketchat.close(room._id, { comment: 'bye' })
      await ended(world, conversation)
      expect(clientReads(world, conversation)).toEqual(['I will', 'bye'])
      const own = rocketchat.state.webhooks.filter(({ body }) => body._id === room._id)
      const carrying = own.filter(({ body }) => JSON.stringify(body.messages).includes('eva@example.org'))
      expect(carrying.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['Message', 'LivechatSessionTaken', 'LivechatSession']),
      )
      expect(own.filter(({ status }) => status !== 200)).toEqual([])
    })

    it('tells the client once when the room was closed behind our back, and hands them back once', async () => {
      const { rocketchat } = world
      const conversation = await handOver(world)
      const { contact, room } = conversation
      rocketchat.faults.add({ kind: 'drop', route: '*' })
      await rocketchat.close(room._id, { comment: 'nobody hears this' })
      rocketchat.faults.clear()
      const say = (uuid: string) =>
        world.call('POST', '/live-agents/sendMessageToAgent', {
          contact: { uuid: contact.uuid },
          results: { clientmessage: { value: 'still there?' } },
          input: { uuid, text: 'still there?' },
        })
      expect(await say('one')).toMatchObject({ status: 409, body: { status: 'session-closed' } })
      expect(await ended(world, conversation)).toMatchObject({ ended: 'gone' })
      expect(await say('two')).toMatchObject({ status: 409, body: { status: 'session-closed' } })
      await allQuiet(world, conversation)
      expect(endings(world, conversation)).toBe(1)
      expect(clientReads(world, conversation)).toEqual([])
    })

    it('says that nobody is there, or that there is no such department, and opens nothing', async () => {
      const { rocketchat } = world
      const rooms = rocketchat.state.rooms.size
      for (const agent of ['ana', 'luis']) rocketchat.setAgentOnline(agent, false)
      const lonely = await askForAgent(world)
      for (const agent of ['ana', 'luis']) rocketchat.setAgentOnline(agent, true)
      expect(lonely.flow.registration).toMatchObject({ status: 409, webhook: { status: 'no-agent' } })
      const lost = await askForAgent(world, { department: 'Suport' })
      expect(lost.flow.registration).toMatchObject({ status: 422, webhook: { status: 'unknown-department' } })
      expect(lost.flow.registration.msg).toContain('"Suport"')
      for (const { contact } of [lonely, lost]) expect(await showSession(world, contact.uuid)).toBeUndefined()
      expect(rocketchat.state.rooms.size).toBe(rooms)
    })

    it('answers the test call with 200 and does nothing', async () => {
      expect(await world.rocketchat.sendTestCall()).toBe(200)
    })
  })
})
