import { setTimeout as wait } from 'node:timers/promises'
import { Agent, type Dispatcher, interceptors, request } from 'undici'
import type { WebhookGate } from '../lib/webhook-gate.ts'
import type { Settings } from './settings.ts'
import { testCall } from './test-call.ts'
import type { Room, WebhookDelivery, WebhookType } from './types.ts'
import { webhookBody } from './webhook-payload.ts'
import type { Announcement, Webhooks, WorkspaceCore } from './workspace.ts'

/** The end of a sender's work: for now, and for good. */
export type WebhookLifetime = {
  /** Resolves when nothing is being sent, put aside or waiting for a retry. */
  settled(): Promise<void>
  stop(): Promise<void>
}

type Courier = {
  core: WorkspaceCore
  gate: WebhookGate
  client: Dispatcher
  pending: Set<Promise<void>>
  stopping: AbortController
}
type Post = { delivery: WebhookDelivery; payload: string; room: Room | undefined }

/**
 * Posts webhooks the way the release does: what counts as delivered, how often and how late it tries again, and
 * whether the action that caused one waits for the first try.
 */
export function createWebhooks(core: WorkspaceCore, gate: WebhookGate): Webhooks & WebhookLifetime {
  const agent = new Agent({ pipelining: 1 })
  const client = agent.compose(interceptors.redirect({ maxRedirections: 20 }))
  const courier = { core, gate, client, pending: new Set<Promise<void>>(), stopping: new AbortController() }
  return {
    post: (type, body, room) => post(courier, type, body, room),
    announce: async (type, room, announcement = {}) => {
      if (!core.settings.Livechat_webhookUrl || !isSwitchedOn(core.settings, type, announcement)) return
      await post(courier, type, webhookBody(core, type, room, announcement), room)
    },
    testWebhook: async () => (await send(courier, JSON.stringify(testCall), true)).status,
    settled: () => settle(courier),
    stop: async () => {
      courier.stopping.abort()
      await agent.destroy()
      await Promise.allSettled(courier.pending)
    },
  }
}

async function post(
  courier: Courier,
  type: WebhookType,
  body: Record<string, unknown>,
  room?: Room,
): Promise<void> {
  const { state, now, fast, traits } = courier.core
  const delivery: WebhookDelivery = { type, body, attempts: 0, at: now() }
  state.counts.webhooks += 1
  if (!fast) state.webhooks.push(delivery)
  const work = { delivery, payload: JSON.stringify(body), room }
  const sent = track(
    courier,
    courier.gate.pass(type, () => deliver(courier, work)),
  )
  if (traits.delivery.isAwaited) await sent
}

function track({ pending }: Courier, work: Promise<void>): Promise<void> {
  pending.add(work)
  return work.finally(() => pending.delete(work))
}

/** The first try; the ones after it go on in the background. */
async function deliver(courier: Courier, work: Post): Promise<void> {
  if (!(await isDoneAfterTry(courier, work))) track(courier, retry(courier, work)).catch(() => undefined)
}

async function retry(courier: Courier, work: Post): Promise<void> {
  const { settings, traits } = courier.core
  const pause = settings.webhookRetryMs ?? traits.delivery.waitMs
  for (let tries = 1; tries < traits.delivery.tries; tries++) {
    await wait(pause, undefined, { ref: false, signal: courier.stopping.signal })
    if (await isDoneAfterTry(courier, work)) return
  }
}

async function isDoneAfterTry(courier: Courier, { delivery, payload, room }: Post): Promise<boolean> {
  const { state, traits } = courier.core
  delivery.attempts += 1
  state.counts.webhookAttempts += 1
  const { status, text } = await send(courier, payload)
  delivery.status = status
  if (room && traits.delivery.isDelivered(status)) keepAnswer(courier.core, room, text)
  return !traits.delivery.isRetried(status)
}

async function settle(courier: Courier): Promise<void> {
  do {
    await courier.gate.flush()
    await Promise.allSettled(courier.pending)
  } while (courier.pending.size > 0)
}

async function send(
  { core: { settings, traits }, client: dispatcher }: Courier,
  body: string,
  isTest = false,
): Promise<{ status: number; text: string }> {
  const secret = settings.Livechat_secret_token
  const headers = {
    'content-type': 'application/json',
    ...((secret || isTest) && { 'X-RocketChat-Livechat-Token': secret }),
    ...(isTest && { accept: 'application/json' }),
  }
  const signal = traits.delivery.timesOut ? AbortSignal.timeout(settings.Livechat_http_timeout) : null
  const ownLimits = { headersTimeout: 0, bodyTimeout: 0, signal }
  try {
    const url = settings.Livechat_webhookUrl
    const answer = await request(url, { method: 'POST', headers, body, dispatcher, ...ownLimits })
    return { status: answer.statusCode, text: await answer.body.text() }
  } catch {
    return { status: 0, text: '' }
  }
}

/** Stores the mediator's answer on the room; later webhooks bring it back as `crmData`. */
function keepAnswer({ traits }: WorkspaceCore, room: Room, text: string): void {
  const kept = traits.delivery.keeps === 'data-property' ? dataProperty(text) : text
  if (kept) room.crmData = kept
}

function dataProperty(text: string): string | undefined {
  try {
    const { data } = JSON.parse(text)
    return data === undefined ? undefined : String(data)
  } catch {
    return undefined
  }
}

function isSwitchedOn(settings: Settings, type: WebhookType, { messages = [] }: Announcement): boolean {
  switch (type) {
    case 'Message':
      return isMessageSwitchedOn(settings, messages[0])
    case 'LivechatSessionTaken':
      return settings.Livechat_webhook_on_chat_taken !== settings.chatTakenInverted
    case 'LivechatEdit':
      return true
    default:
      return settings[switches[type]]
  }
}

/** A closing message goes under the agents' switch, whoever closed. */
function isMessageSwitchedOn(
  settings: Settings,
  message: { token?: string; t?: string } | undefined,
): boolean {
  const isVisitors = message?.token !== undefined && message.t !== 'livechat-close'
  return isVisitors
    ? settings.Livechat_webhook_on_visitor_message
    : settings.Livechat_webhook_on_agent_message
}

const switches = {
  LivechatSessionStart: 'Livechat_webhook_on_start',
  LivechatSessionQueued: 'Livechat_webhook_on_chat_queued',
  LivechatSessionForwarded: 'Livechat_webhook_on_forward',
  LivechatSession: 'Livechat_webhook_on_close',
  LeadCapture: 'Livechat_webhook_on_capture',
  LivechatOfflineMessage: 'Livechat_webhook_on_offline_msg',
} as const
