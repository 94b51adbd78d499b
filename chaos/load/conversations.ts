import { ask } from '../world/ask.ts'
import { waitFor } from '../world/wait.ts'
import { API_TOKEN, type World } from '../world/world.ts'

/** A client who talks with an agent. */
export type Conversation = { index: number; contact: string; room: string }

const OPENING_MS = 60_000
const AT_ONCE = 10

/** Hands so many clients over, and resolves when each has a room. */
export async function openConversations(world: World, count: number): Promise<Conversation[]> {
  const conversations: Conversation[] = []
  for (let first = 0; first < count; first += AT_ONCE) {
    const indexes = Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, i) => first + i)
    conversations.push(...(await Promise.all(indexes.map(index => open(world, index)))))
  }
  return conversations
}

async function open(world: World, index: number): Promise<Conversation> {
  const contact = await world.rapidpro.addContact(`Client ${index}`)
  const url = `${world.front.url}/live-agents`
  const authorization = { authorization: `Token ${API_TOKEN}` }
  const body = { contact: { uuid: contact, name: `Client ${index}` }, department: 'Support' }
  await ask('POST', `${url}/registerClient`, body, authorization)
  type Shown = { session: { conversation: string | null } }
  const room = await waitFor(
    `client ${index} has a room`,
    async () =>
      (await ask<Shown>('GET', `${url}/sessions/${contact}`, undefined, authorization)).session.conversation,
    OPENING_MS,
  )
  return { index, contact, room }
}
