import type { IncomingMessage, ServerResponse } from 'node:http'
import cometd from 'cometd-nodejs-server'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { WebhookGate } from '../lib/webhook-gate.ts'
import { type BayeuxSessions, followSessions } from './bayeux-sessions.ts'
import { toNotifications } from './notifications.ts'
import type { GenesysOptions } from './options.ts'
import { Refusal } from './refusal.ts'
import { guardSeats } from './seat-guard.ts'
import type { SeatLogin } from './seat-login.ts'
import type { Workspace } from './workspace.ts'

export type Notifications = Pick<BayeuxSessions, 'drop' | 'subscriptions'> & { stop(): void }

const channel = z.string().startsWith('/').min(2)
const messageSchema = z.looseObject({
  channel,
  subscription: z.union([channel, z.array(channel)]).optional(),
})
const messagesSchema = z.union([z.array(messageSchema).min(1), messageSchema.transform(one => [one])])

/** Bayeux over long polling at `/api/v2/notifications`, with or without the suffixes that JavaScript clients add. */
export function addBayeux(
  parent: FastifyInstance,
  workspace: Workspace,
  login: SeatLogin,
  gate: WebhookGate,
  { connectTimeoutMs = 30_000, maxIntervalMs = 10_000 }: GenesysOptions,
): Notifications {
  const timing = { timeout: connectTimeoutMs, maxInterval: maxIntervalMs }
  const server = cometd.createCometDServer({ ...timing, browserCookiePath: '/' })
  const seats = new WeakMap<IncomingMessage, string>()
  const sessions = followSessions(server, workspace.settings, seats)
  parent.register(async app => {
    const whose = guardSeats(app, workspace, login, 'notifications')
    for (const suffix of ['', '/', '/handshake', '/connect', '/disconnect'])
      app.post(`/api/v2/notifications${suffix}`, (request, reply) => {
        const messages = messagesSchema.safeParse(request.body)
        if (!messages.success) throw new Refusal(1, 'no Bayeux messages', 400)
        seats.set(request.raw, whose(request).user.userName)
        const response = withCookies(reply.raw, reply.getHeader('set-cookie'))
        reply.hijack()
        server.handle(Object.assign(request.raw, { body: messages.data }), response)
      })
  })
  publish(workspace, sessions, gate)
  const { drop, subscriptions } = sessions
  const stop = () => {
    drop()
    server.close()
  }
  return { drop, subscriptions, stop }
}

function publish(workspace: Workspace, sessions: BayeuxSessions, gate: WebhookGate): void {
  workspace.listen(event => {
    for (const { seat, data } of toNotifications(workspace, event))
      for (const topic of workspace.settings.topics) {
        const told = data(topic)
        void gate.pass(topic, async () => sessions.deliver(seat, topic, told))
      }
  })
}

/** The Bayeux server sets its own cookie in place of ours: here it is added to them. */
function withCookies(response: ServerResponse, cookies: unknown): ServerResponse {
  const ours = [cookies ?? []].flat().map(String)
  const setHeader = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    setHeader(name, name.toLowerCase() === 'set-cookie' ? [...ours, String(value)] : value)
  if (ours.length > 0) setHeader('set-cookie', ours)
  return response
}
