import type { AgentEvent } from '../../domain/agent-event.ts'
import { MediatorError } from '../../domain/errors.ts'
import { createSecretCheck } from '../../lib/secret.ts'
import type { WebhookInbound } from '../desk.ts'
import {
  about,
  epochMs,
  idOf,
  isOurs,
  readMessage,
  type Scene,
  servingAgent,
  toClosed,
  toSaid,
  toTaken,
  type Workspace,
} from './room-events.ts'
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

type Reader = (scene: Scene) => AgentEvent[]

/** Of the other types (Start, LivechatEdit, LeadCapture, LivechatOfflineMessage) none concerns a client. */
const READERS: ReadonlyMap<string, Reader> = new Map([
  ['Message', readMessages],
  ['LivechatSessionQueued', readQueued],
  ['LivechatSessionTaken', scene => [toTaken(scene)]],
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

/** There is one element in practice; the shape invites more. */
function readMessages(scene: Scene): AgentEvent[] {
  if (!scene.event.messages) throw unreadable('messages')
  return elements(scene.event).flatMap(message => readMessage(message, scene))
}

function elements(event: RoomEvent): RoomMessage[] {
  return (event.messages ?? []).flatMap(element => roomMessage.safeParse(element).data ?? [])
}

/** Up to 6.10 sent for rooms that are assigned at once, too: those are not waiting. */
function readQueued(scene: Scene): AgentEvent[] {
  const { agent, servedBy, lastMessageAt } = scene.event
  if (agent || servedBy) return []
  return [{ ...about(scene), type: 'queued', id: idOf(scene, 'queued', lastMessageAt) }]
}

function readForwarded(scene: Scene): AgentEvent[] {
  const { servedBy, departmentId, lastMessageAt } = scene.event
  const id = idOf(scene, 'forwarded', servedBy?._id ?? departmentId, servedBy?.ts ?? lastMessageAt)
  return [{ ...about(scene), type: 'transferred', agent: servingAgent(scene), id, at: epochMs(servedBy?.ts) }]
}

/**
 * Carries the whole transcript. The closing comment in it is always new: since 6.12 it comes no other way. Of the rest, something
 * is new where a webhook was lost.
 */
function readClosing(scene: Scene): AgentEvent[] {
  const { closer, closedAt } = scene.event
  const messages = elements(scene.event)
  const comment = messages.findLast(
    message => message.closingMessage && message.agentId && !isOurs(message, scene),
  )
  return [
    ...toHistory(messages, scene),
    ...(comment ? toSaid(comment, scene) : []),
    toClosed(scene, closer === 'visitor' ? 'client' : 'agent', closedAt),
  ]
}

function toHistory(messages: RoomMessage[], scene: Scene): AgentEvent[] {
  const said = messages.flatMap(message => (message.closingMessage ? [] : readMessage(message, scene)))
  return said.length ? [{ ...about(scene), type: 'history', said, at: epochMs(scene.event.closedAt) }] : []
}
