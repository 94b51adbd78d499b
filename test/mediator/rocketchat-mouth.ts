import { settings } from '../../src/desks/rocketchat/settings.ts'
import { createWebhook } from '../../src/desks/rocketchat/webhook.ts'
import type { AgentEvent } from '../../src/domain/agent-event.ts'
import type { Mouth } from './recipient-happenings.ts'

const { parse } = createWebhook(settings.parse({ url: 'https://chat.example.org', webhook_token: 'secret' }))

/** The event as Rocket.Chat posts it: `_id` is the room, everything else in the body may be of somebody else. */
export const speakRocketChat: Mouth = event => {
  const body = { ...bodyOf(event), _id: event.conversation, visitor: visitorOf(event) }
  return parse({ body: JSON.parse(JSON.stringify(body)), text: '' })
}

function visitorOf({ client, conversation }: AgentEvent): object | undefined {
  return client === undefined ? undefined : { _id: `visitor of ${conversation}`, token: client }
}

function bodyOf(event: AgentEvent): object {
  const closedAt = event.at
  if (event.type === 'closed')
    return { type: 'LivechatSession', closer: 'user', closedAt, messages: [othersWords] }
  if (event.type !== 'message') return { type: 'LivechatSessionTaken' }
  const said = {
    _id: event.id,
    msg: event.message.text,
    ts: event.at,
    agentId: 'a1',
    u: { _id: 'a1', name: 'Eva' },
  }
  // A room of somebody else's in the message, and a message of a visitor beside it.
  return {
    type: 'Message',
    agent: { _id: 'a2' },
    messages: [othersWords, { ...said, rid: 'room', token: 'ana' }],
  }
}

/** Without `agentId`: a visitor's. */
const othersWords = { _id: 'm', rid: 'Room', msg: '{"id":"visitor"}', u: { _id: 'v', username: 'guest-1' } }
