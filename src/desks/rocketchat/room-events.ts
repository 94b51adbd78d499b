import type { AgentEvent } from '../../domain/agent-event.ts'
import { toMessage } from './agent-message.ts'
import type { RoomEvent, RoomMessage } from './wire.ts'

/** Where an event happened, and to whom. */
export type Scene = Workspace & { event: RoomEvent; token: string }

/** `ourselves`: the bot user we close with where visitors may not; what it says is not an agent's word. */
export type Workspace = { site: string; ourselves: string | undefined }

/*
 * What happens in a room, in our words. The webhook and the look at a room's history both come through here: one happening
 * has one id, whichever of them tells of it.
 */

export function about({ event, token }: Scene): { conversation: string; client: string } {
  return { conversation: event._id ?? '', client: token }
}

/** What one message of the room means: words of an agent, an end, or nothing. */
export function readMessage(message: RoomMessage, scene: Scene): AgentEvent[] {
  if (message.closingMessage) return readClosingMessage(message, scene)
  const isSystems = message.t !== undefined || message.navigation != null
  return isSystems || !isAgents(message) ? [] : toSaid(message, scene)
}

/** Up to 6.11 the end comes as a message too, whose author has closed. */
function readClosingMessage(message: RoomMessage, scene: Scene): AgentEvent[] {
  if (!isAgents(message) || isOurs(message, scene)) return [toClosed(scene, 'client', message.ts)]
  return [...toSaid(message, scene), toClosed(scene, 'agent', message.ts)]
}

/** Rocket.Chat names no `agentId` for the visitor's own words. An element without any author is of the original API: an agent's. */
function isAgents({ agentId, u, username }: RoomMessage): boolean {
  return agentId !== undefined || (u === undefined && username === undefined)
}

export function isOurs({ agentId }: RoomMessage, { ourselves }: Workspace): boolean {
  return ourselves !== undefined && agentId === ourselves
}

export function toSaid(said: RoomMessage, scene: Scene): AgentEvent[] {
  const { event, token, site } = scene
  const message = toMessage(said, { site, rid: event._id, token })
  if (!message) return []
  // An edit is the same message with its whole new text, and passed on as a new one.
  const id = said._id && said.editedAt ? `${said._id}:${said.editedAt}` : said._id
  const at = epochMs(said.editedAt ?? said.ts)
  return [{ ...about(scene), type: 'message', message, agent: authorOf(said, event), id, at }]
}

function authorOf({ u, agentId, username }: RoomMessage, { agent }: RoomEvent): string | undefined {
  const shown = agent?._id === agentId ? agent?.name : undefined
  return u?.name || shown || u?.username || username
}

export function toTaken(scene: Scene): AgentEvent {
  const { servedBy } = scene.event
  const id = servedBy && idOf(scene, 'taken', servedBy._id, servedBy.ts)
  return { ...about(scene), type: 'assigned', agent: servingAgent(scene), id, at: epochMs(servedBy?.ts) }
}

export function servingAgent({ event: { agent, servedBy } }: Scene): string | undefined {
  return agent?.name || agent?.username || servedBy?.username
}

export function toClosed(scene: Scene, reason: 'agent' | 'client', at: RoomEvent['closedAt']): AgentEvent {
  return { ...about(scene), type: 'closed', reason, id: idOf(scene, 'closed'), at: epochMs(at) }
}

/** The same for every repeat of one happening, whatever version or way it comes by; none without a room. */
export function idOf({ event }: Scene, ...parts: (string | number | undefined)[]): string | undefined {
  const [kind, ...details] = parts.filter(part => part !== undefined)
  return event._id && [kind, event._id, ...details].join(':')
}

export function epochMs(time: string | number | undefined): number | undefined {
  const ms = time === undefined ? Number.NaN : new Date(time).getTime()
  return Number.isNaN(ms) ? undefined : ms
}
