import { API_TOKEN } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'
import { agentReads, type Conversation, handOver, showSession } from './rocketchat-conversation.ts'

const SEND = '/live-agents/sendMessageToAgent'
const MESSAGES = '/api/v1/livechat/message'
export const BOT_SENDS = '/api/v2/messages.json'

export type Sent = { status: number; body: Record<string, unknown> }

/** What the bot sends for its client; status 0 when the mediator was gone before it answered. */
export async function send(
  world: World,
  { contact }: Conversation,
  text: string,
  url = world.mediator.url,
): Promise<Sent> {
  const input = { uuid: `id of ${text}`, text }
  const body = { contact: { uuid: contact.uuid }, input, results: { clientmessage: { value: text } } }
  try {
    const headers = { authorization: `Token ${API_TOKEN}`, 'content-type': 'application/json' }
    const response = await fetch(url + SEND, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Sent['body'] }
  } catch {
    return { status: 0, body: {} }
  }
}

/** A text the desk takes in hand and has not stored yet; resolves when it has come there. */
export async function sendInto(
  world: World,
  conversation: Conversation,
  fault: { kind: 'stall' } | { kind: 'slow'; ms: number } | { kind: 'reset-after' },
  text: string,
  url = world.mediator.url,
): Promise<{ answer: Promise<Sent> }> {
  const { faults } = world.rocketchat
  const id = faults.add({ ...fault, route: MESSAGES, method: 'POST', times: 1 })
  const answer = send(world, conversation, text, url)
  await until('the desk is called', () => faults.list().find(one => one.id === id)?.fired)
  return { answer }
}

/** Resolves when so many wait for the agent. */
export async function waitingForAgent(world: World, { contact }: Conversation, count: number): Promise<void> {
  await until(
    `${count} wait`,
    async () => (await showSession(world, contact.uuid)).waiting.to_agent === count,
  )
}

/** Resolves when the agent has so many messages and nothing waits any more; gives all of them. */
export async function agentGets(world: World, conversation: Conversation, count: number): Promise<string[]> {
  await until(`the agent has ${count}`, () => agentReads(world, conversation).length >= count, 60_000)
  await waitingForAgent(world, conversation, 0)
  return agentReads(world, conversation)
}

export { agentReads, type Conversation, handOver }
