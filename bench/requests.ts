import { randomUUID } from 'node:crypto'

export const API_TOKEN = 'bench-api-token'
export const WEBHOOK_SECRET = 'bench-webhook-secret'

export type Direction = 'to_agent' | 'to_client'
export type Talk = { userid: string; room: string; visitor: string }

/** What RapidPro's flow posts for one message of a client. */
export function fromClient(host: string, { userid }: Talk, n: number): string {
  const body = JSON.stringify({
    contact: { name: 'Bench', urn: 'tel:+50255550000', uuid: userid },
    flow: { name: 'Live agents', uuid: '50c3706e-fedb-42c0-8eab-dda3335714b7' },
    input: { uuid: randomUUID(), text: `message ${n} of a client`, attachments: [] },
    results: { clientmessage: { category: 'All Responses', value: `message ${n} of a client` } },
  })
  return post(host, '/live-agents/sendMessageToAgent', `authorization: Token ${API_TOKEN}`, body)
}

/** What Rocket.Chat's webhook posts for one message of an agent. */
export function fromAgent(host: string, { userid, room, visitor }: Talk, n: number): string {
  const now = new Date().toISOString()
  const agent = { _id: 'benchAgent', username: 'ana', name: 'Ana' }
  const message = {
    u: agent,
    _id: randomUUID(),
    username: 'ana',
    msg: `message ${n} of an agent`,
    ts: now,
    rid: room,
    agentId: agent._id,
    _updatedAt: now,
  }
  const body = JSON.stringify({
    _id: room,
    label: 'Bench',
    createdAt: now,
    lastMessageAt: now,
    visitor: { _id: visitor, token: userid, name: 'Bench', username: 'guest-1' },
    agent: { ...agent, email: 'ana@desk.example' },
    type: 'Message',
    messages: [message],
  })
  return post(
    host,
    '/live-agents/sendMessageToClient',
    `x-rocketchat-livechat-token: ${WEBHOOK_SECRET}`,
    body,
  )
}

function post(host: string, path: string, secret: string, body: string): string {
  const length = Buffer.byteLength(body)
  return `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n${secret}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`
}
