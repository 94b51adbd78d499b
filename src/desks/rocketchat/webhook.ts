import type { AgentEvent } from '../../domain/agent-event.ts'
import { MediatorError } from '../../domain/errors.ts'
import { createSecretCheck } from '../../lib/secret.ts'
import type { WebhookInbound } from '../desk.ts'
import { toMessage } from './agent-message.ts'
import type { Settings } from './settings.ts'
import { type RoomEvent, type RoomMessage, roomEvent, roomMessage, webhookKind } from './wire.ts'

export function createWebhook({ webhook_token, url, user_id }: Settings): WebhookInbound {
  const isSecret = createSecretCheck(webhook_token)
  return {
    kind: 'webhook',
    authenticate: ({ headers, query }) =>
      isSecret(headers['x-rocketchat-livechat-token']) || isSecret(query.token),
    parse: ({ body }) => parse(body, { site: url, ourselves: user_id }),
  }
}

/** Where an event happened, and to whom. */
type Scene = Workspace & { event: RoomEvent; token: string }
/** `ourselves`: the bot user we close with where visitors may not; what it says is not an agent's word. */
type Workspace = { site: string; ourselves: string | undefined }
type Reader = (scene: Scene) => AgentEvent[]

/** Of the other types (Start, LivechatEdit, LeadCapture, LivechatOfflineMessage) none concerns a client. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['Message', readMessages],
  ['LivechatSessionQueued', readQueued],
  ['LivechatSessionTaken', readTaken],
  ['LivechatSessionForwarded', readForwarded],
  ['LivechatSession', readClosing],
])

/** Room of the administrator's "Send Test" (apps/meteor/app/livechat/server/api/v1/webhooks.ts). */
const TEST_ROOM = 'fasd6f5a4sd6f8a4sdf'

/**
 * Events of one webhook call. The original API also took `{visitor: {token}, type, messages: [{msg}]}`, without the room: such
 * events have conversation '' and are found by their client.
 */
function parse(body: unknown, workspace: Workspace): AgentEvent[] {
  const kind = webhookKind.safeParse(body)
  if (!kind.success) throw unreadable(kind.error.issues[0]?.path.join('.'))
  const read = READERS.get(kind.data.type)
  const event = roomEvent.parse(body)
  const token = event.visitor?.token
  if (!read || !token || event._id === TEST_ROOM) return []
  return read({ event, token, ...workspace })
}

function unreadable(key: string | undefined): MediatorError {
  return new MediatorError('INVALID', key ? `${key} is missing or unreadable` : 'the body is no JSON object')
}

function about({ event, token }: Scene): { conversation: string; client: string } {
  return { conversation: event._id ?? '', client: token }
}

/** There is one element in practice; the shape invites more. */
function readMessages(scene: Scene): AgentEvent[] {
  if (!scene.event.messages) throw unreadable('messages')
  return elements(scene.event).flatMap(message => readMessage(message, scene))
}

function elements(event: RoomEvent): RoomMessage[] {
  return (event.messages ?? []).flatMap(element => roomMessage.safeParse(element).data ?? [])
}

function readMessage(message: RoomMessage, scene: Scene): AgentEvent[] {
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

function isOurs({ agentId }: RoomMessage, { ourselves }: Scene): boolean {
  return ourselves !== undefined && agentId === ourselves
}

function toSaid(said: RoomMessage, scene: Scene): AgentEvent[] {
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

/** Up to 6.10 sent for rooms that are assigned at once, too: those are not waiting. */
function readQueued(scene: Scene): AgentEvent[] {
  const { agent, servedBy, lastMessageAt } = scene.event
  if (agent || servedBy) return []
  return [{ ...about(scene), type: 'queued', id: idOf(scene, 'queued', lastMessageAt) }]
}

function readTaken(scene: Scene): AgentEvent[] {
  const { servedBy } = scene.event
  const id = servedBy && idOf(scene, 'taken', servedBy._id, servedBy.ts)
  return [{ ...about(scene), type: 'assigned', agent: servingAgent(scene), id, at: epochMs(servedBy?.ts) }]
}

function readForwarded(scene: Scene): AgentEvent[] {
  const { servedBy, departmentId, lastMessageAt } = scene.event
  const id = idOf(scene, 'forwarded', servedBy?._id ?? departmentId, servedBy?.ts ?? lastMessageAt)
  return [{ ...about(scene), type: 'transferred', agent: servingAgent(scene), id, at: epochMs(servedBy?.ts) }]
}

function servingAgent({ event: { agent, servedBy } }: Scene): string | undefined {
  return agent?.name || agent?.username || servedBy?.username
}

/** Carries the whole transcript, of which only the closing comment is new; since 6.12 it comes no other way. */
function readClosing(scene: Scene): AgentEvent[] {
  const { closer, closedAt } = scene.event
  const comment = elements(scene.event).findLast(
    message => message.closingMessage && message.agentId && !isOurs(message, scene),
  )
  const said = comment ? toSaid(comment, scene) : []
  return [...said, toClosed(scene, closer === 'visitor' ? 'client' : 'agent', closedAt)]
}

function toClosed(scene: Scene, reason: 'agent' | 'client', at: RoomEvent['closedAt']): AgentEvent {
  return { ...about(scene), type: 'closed', reason, id: idOf(scene, 'closed'), at: epochMs(at) }
}

/** The same for every repeat of one happening, whatever version or way it comes by; none without a room. */
function idOf({ event }: Scene, ...parts: (string | number | undefined)[]): string | undefined {
  const [kind, ...details] = parts.filter(part => part !== undefined)
  return event._id && [kind, event._id, ...details].join(':')
}

function epochMs(time: string | number | undefined): number | undefined {
  const ms = time === undefined ? Number.NaN : new Date(time).getTime()
  return Number.isNaN(ms) ? undefined : ms
}
