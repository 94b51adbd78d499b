import { randomUUID } from 'node:crypto'
import type { Person } from '../../simulators/stage.ts'
import { until } from '../support/until.ts'
import { type Canaries, makeCanaries } from './privacy-canaries.ts'
import type { Asked, Post, PrivacyWorld } from './privacy-world.ts'

export const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

/** A client of whom everything is a canary. */
export type Caller = { person: Person; canaries: Canaries }

type Session = { state: string; waiting: { to_agent: number; to_client: number } }

export function meet({ rapidpro }: PrivacyWorld, tag: string): Caller {
  const canaries = makeCanaries(tag)
  const { name, urn } = canaries
  const { uuid } = rapidpro.addContact({ name, urn })
  return { person: { uuid, name }, canaries }
}

export function register(
  world: PrivacyWorld,
  { department }: Post,
  { person, canaries }: Caller,
): Promise<Asked> {
  const { name, urn, result } = canaries
  return world.ask('POST', '/live-agents/registerClient', {
    contact: { uuid: person.uuid, name, urn },
    department,
    results: { age: { value: result, category: result } },
  })
}

/** Registers somebody, and an agent takes the conversation. */
export async function handOver(world: PrivacyWorld, post: Post, tag: string): Promise<Caller> {
  const caller = meet(world, tag)
  const { stage } = post
  const { status, text } = await register(world, post, caller)
  if (status !== 200) throw new Error(`${post.name}: not registered: ${text}`)
  await until('the conversation is there', () => stage.conversations(caller.person).some(({ open }) => open))
  await stage.settled()
  await stage.agent.take(caller.person)
  await until('an agent has it', async () => (await sessionOf(world, caller)).state === 'assigned')
  return caller
}

export function says(world: PrivacyWorld, { person, canaries }: Caller, withFile = false): Promise<Asked> {
  const { text, file, key } = canaries
  const url = () =>
    `${world.rapidpro.hostFile({ name: file, type: 'image/png', data: PNG })}?signature=${key}`
  return world.ask('POST', '/live-agents/sendMessageToAgent', {
    contact: { uuid: person.uuid },
    results: { clientmessage: { value: text } },
    input: { uuid: randomUUID(), text, attachments: withFile ? [`image/png:${url()}`] : [] },
  })
}

/** Texts and files both ways, all of them delivered. */
export async function talk(world: PrivacyWorld, { stage }: Post, caller: Caller): Promise<void> {
  const { person, canaries } = caller
  await says(world, caller, true)
  await stage.agent.say(person, canaries.reply)
  await stage.agent.sendFile?.(person, { name: canaries.agentFile, type: 'image/png', data: PNG })
  await stage.settled()
  const files = stage.agent.sendFile ? 1 : 0
  const read = () => world.rapidpro.messagesTo(person.uuid).length
  await until('the client has read it', () => read() >= 1 + files)
  await until('the agent has read it', () => stage.shown(person).length >= 2)
  await quiet(world, caller)
}

async function quiet(world: PrivacyWorld, caller: Caller): Promise<void> {
  await until('nothing waits', async () => {
    const { waiting } = await sessionOf(world, caller)
    return waiting.to_agent + waiting.to_client === 0
  })
}

/** The agent ends it. */
export async function dismiss(world: PrivacyWorld, { stage }: Post, caller: Caller): Promise<void> {
  await stage.agent.close(caller.person)
  await until('it is over', async () => (await sessionOf(world, caller)).state === 'ended')
}

export async function leave(world: PrivacyWorld, caller: Caller): Promise<void> {
  await world.ask('DELETE', `/live-agents/session/user/${caller.person.uuid}`)
  await quiet(world, caller)
}

async function sessionOf(world: PrivacyWorld, { person }: Caller): Promise<Session> {
  const { text } = await world.ask('GET', `/live-agents/sessions/${person.uuid}`)
  return (JSON.parse(text) as { session: Session }).session
}
