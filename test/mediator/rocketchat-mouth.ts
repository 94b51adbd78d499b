import { settings } from '../../src/desks/rocketchat/settings.ts'
import { createWebhook } from '../../src/desks/rocketchat/webhook.ts'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import type { Mouth } from './recipient-happenings.ts'

const { parse } = createWebhook(settings.parse({ url: 'https://chat.example.org', webhook_token: 'secret' }))

/** The event as Rocket.Chat posts it: `_id` is the room, everything else in the body may be of somebody else. */
export const speakRocketChat: Mouth = event => {
  const body = { ...bodyOf(event), _id: event.conversation, visitor: visitorOf(event) }
  const told = parse({ body: JSON.parse(JSON.stringify(body)), text: '' })
  // A history comes with an end only; that is told apart here.
  return event.type === 'history' ? told.filter(({ type }) => type === 'history') : told
}

function visitorOf({ client, conversation }: AgentEvent): object | undefined {
  return client === undefined ? undefined : { _id: `visitor of ${conversation}`, token: client }
}

function bodyOf(event: AgentEvent): object {
  const closedAt = event.at
  if (event.type === 'closed')
    return { type: 'LivechatSession', closer: 'user', closedAt, messages: [othersWords] }
  if (event.type === 'history')
    return { type: 'LivechatSession', closedAt, messages: [othersWords, ...event.said.flatMap(wordsOf)] }
  if (event.type !== 'message') return { type: 'LivechatSessionTaken' }
  const [said] = wordsOf(event)
  // A room of somebody else's in the message, and a message of a visitor beside it.
  return {
    type: 'Message',
    agent: { _id: 'a2' },
    messages: [othersWords, { ...said, rid: 'room', token: 'ana' }],
  }
}

function wordsOf(event: AgentEvent): object[] {
  if (event.type !== 'message') return []
  const { id: _id, at: ts, message } = event
  return [{ _id, msg: message.text, ts, agentId: 'a1', u: { _id: 'a1', name: 'Eva' } }]
}

/** Without `agentId`: a visitor's. */
const othersWords = { _id: 'm', rid: 'Room', msg: '{"id":"visitor"}', u: { _id: 'v', username: 'guest-1' } }
