import type { Contact, NewContact, RelayFlow, RelayOptions } from '../../simulators/rapidpro/index.ts'
import type { Message, Room } from '../../simulators/rocketchat/index.ts'
import { API_TOKEN } from '../support/mediator-process.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

export const PROFILES = ['4.4', '6.4', '6.14', '7.11', '8.8'] as const

/** The flow of `ENDED_FLOW`, for worlds in which an end starts one. */
export const ENDED_FLOW = { uuid: '8f2a7a2e-2f5d-4f0a-9d5c-3b8f1c6c7a10', name: 'Chat ended' }
export const STARTS_ENDED_FLOW = {
  rapidpro: { flows: [ENDED_FLOW] },
  bot: `ended_flow = "${ENDED_FLOW.uuid}"`,
}

/** One client in the relay flow, with the room that was opened for them. */
export type Conversation = {
  contact: Contact
  flow: RelayFlow
  room: Room
}

export type HandOver = NewContact & Partial<Pick<RelayOptions, 'department' | 'body' | 'says' | 'call'>>

/** Lets a new contact ask for an agent. */
export async function askForAgent(world: World, given: HandOver = {}): Promise<Omit<Conversation, 'room'>> {
  const { department = 'Support', body, says, call, ...person } = given
  const contact = world.rapidpro.addContact(person)
  const flow = await world.rapidpro.startRelayFlow({
    mediatorUrl: world.mediator.url,
    token: API_TOKEN,
    contact: contact.uuid,
    department,
    ...(body && { body }),
    ...(says && { says }),
    ...(call && { call }),
  })
  return { contact, flow }
}

/** The same, up to the open room. */
export async function handOver(world: World, given: HandOver = {}): Promise<Conversation> {
  const { contact, flow } = await askForAgent(world, given)
  if (flow.registration.status !== 200) throw new Error(`not registered: ${flow.registration.body}`)
  const room = await until('the session has its room', async () => {
    const { conversation } = await showSession(world, contact.uuid)
    return world.rocketchat.state.rooms.get(conversation ?? '')
  })
  return { contact, flow, room }
}

/** The agent writes, and goes on when it has been sent: recent releases send what comes quickly in any order. */
export async function agentSays(
  { rocketchat }: World,
  { room }: Conversation,
  text: string,
): Promise<Message> {
  const message = await rocketchat.say(room._id, text)
  await rocketchat.webhooksSettled()
  return message
}

export type SessionView = {
  id: string
  state: string
  desk: string | null
  conversation: string | null
  department: string
  agent: string | null
  waiting: { to_agent: number; to_client: number }
  ended: string | null
}

/** The client's session as operators see it. */
export async function showSession(world: World, userid: string): Promise<SessionView> {
  const { body } = await world.call('GET', `/live-agents/sessions/${userid}`)
  return body.session as SessionView
}

/** What the client has been sent by the mediator, oldest first. The flow's own words are left out. */
export function clientReads({ rapidpro }: World, { contact }: Pick<Conversation, 'contact'>): string[] {
  const sent = rapidpro.messagesTo(contact.uuid).filter(({ via }) => via !== 'flow')
  return sent.map(({ text }) => text)
}

/** What stands in the room in the client's name, oldest first. */
export function visitorMessages({ rocketchat }: World, room: Room): Message[] {
  const all = rocketchat.state.index.messagesByRoom.get(room._id) ?? []
  return all.filter(({ t, token }) => !t && token !== undefined)
}

export function agentReads(world: World, { room }: Pick<Conversation, 'room'>): string[] {
  return visitorMessages(world, room).map(({ msg }) => msg)
}

/** How often the ended flow was started for the contact. */
export function endings({ rapidpro }: World, { contact }: Pick<Conversation, 'contact'>): number {
  return rapidpro.flowStarts.filter(({ contacts }) => contacts.includes(contact)).length
}

/** Waits until every webhook has been sent and neither mailbox holds anything: what has not arrived now never will. */
export async function allQuiet(world: World, { contact }: Pick<Conversation, 'contact'>): Promise<void> {
  await until('nothing waits any more', async () => {
    await world.rocketchat.webhooksSettled()
    const { waiting } = await showSession(world, contact.uuid)
    return waiting.to_agent === 0 && waiting.to_client === 0
  })
}

/** Waits for the session's end, and until nothing of it waits. */
export async function ended(world: World, conversation: Pick<Conversation, 'contact'>): Promise<SessionView> {
  const { uuid } = conversation.contact
  await until('the session has ended', async () => (await showSession(world, uuid)).state === 'ended')
  await allQuiet(world, conversation)
  return showSession(world, uuid)
}
