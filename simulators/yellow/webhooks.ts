import { Agent, type Dispatcher, request } from 'undici'
import type { WebhookGate } from '../lib/webhook-gate.ts'
import type { Desk } from './state.ts'
import type { WebhookDelivery } from './types.ts'

export type Webhooks = {
  /**
   * Posts an event once: nothing is documented about trying again. Resolves when it is answered, given up, dropped or put
   * aside; what came back of it is in the delivery.
   */
  post(event: Record<string, unknown>): Promise<WebhookDelivery>
  /** Resolves when nothing is being sent or put aside. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** The same as the API timeout of the vendor's accounts, in ms. */
const TIMEOUT_MS = 10_000

export function createWebhooks(desk: Desk, gate: WebhookGate): Webhooks {
  const dispatcher = new Agent()
  const pending = new Set<Promise<void>>()
  const post = async (body: Record<string, unknown>): Promise<WebhookDelivery> => {
    const event = String(body.event ?? '')
    const delivery: WebhookDelivery = { event, payload: JSON.stringify(body), attempts: 0, at: desk.now() }
    desk.state.webhooks.push(delivery)
    const work = gate.pass(event, () => send(desk, dispatcher, delivery))
    pending.add(work)
    await work.finally(() => pending.delete(work))
    return delivery
  }
  return { post, settled: () => settle(gate, pending), stop: () => dispatcher.destroy() }
}

async function settle(gate: WebhookGate, pending: Set<Promise<void>>): Promise<void> {
  do {
    await gate.flush()
    await Promise.allSettled(pending)
  } while (pending.size > 0)
}

async function send({ webhook }: Desk, dispatcher: Dispatcher, delivery: WebhookDelivery): Promise<void> {
  delivery.attempts += 1
  const headers = { 'content-type': 'application/json', 'x-auth-token': webhook.token }
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    const { payload: body } = delivery
    const answer = await request(webhook.url, { method: 'POST', headers, body, dispatcher, signal })
    const text = await answer.body.text()
    Object.assign(delivery, { status: answer.statusCode, text, answer: asJson(text) })
  } catch {
    delivery.status = 0
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
