import { Agent, request } from 'undici'
import type { WebhookGate } from '../lib/webhook-gate.ts'
import type { Settings } from './settings.ts'
import type { Conversation, Delivery, State } from './state.ts'

/** The events of Live's webhook. Each is posted once: no page tells of a second try. */
export type LiveEvents = {
  /** Posts an event about a conversation; resolves when it has been posted, dropped or put aside. */
  post(name: string, conversation: Pick<Conversation, 'id'>, data: unknown): Promise<void>
  /** Resolves when nothing is being posted or put aside any more. */
  settled(): Promise<void>
  stop(): Promise<void>
}

type Kit = { settings: Settings; state: State; now: () => number; gate: WebhookGate }

const PATIENCE_MS = 10_000

export function createLiveEvents({ settings, state, now, gate }: Kit): LiveEvents {
  const dispatcher = new Agent({ pipelining: 1 })
  const stamp = createStamp(now)
  const pending = new Set<Promise<void>>()

  async function send(delivery: Delivery): Promise<void> {
    delivery.attempts += 1
    const headers = { 'content-type': 'application/json' }
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const call = { method: 'POST', headers, body: delivery.text, signal, dispatcher } as const
    try {
      const answer = await request(settings.webhookUrl, call)
      await answer.body.dump()
      delivery.status = answer.statusCode
    } catch {
      delivery.status = 0
    }
  }

  return {
    async post(name, { id }, data) {
      if (!settings.webhookUrl) return
      const text = writeEvent({ name, roomId: id, timestamp: stamp(), botId: settings.botId, data }, now())
      const delivery: Delivery = { name, text, attempts: 0 }
      state.webhooks.push(delivery)
      const work = gate.pass(name, () => send(delivery))
      pending.add(work)
      await work.finally(() => pending.delete(work))
    },
    async settled() {
      do {
        await gate.flush()
        await Promise.allSettled(pending)
      } while (pending.size > 0)
    },
    stop: () => dispatcher.destroy(),
  }
}

type LiveEvent = { name: string; roomId: string; timestamp: bigint; botId: number; data: unknown }

/** Written by hand: `JSON.stringify` has no number of 19 digits. */
function writeEvent({ timestamp, data, ...event }: LiveEvent, at: number): string {
  const parts = {
    name: JSON.stringify(event.name),
    roomId: JSON.stringify(event.roomId),
    timestamp: String(timestamp),
    botId: String(event.botId),
    eventTime: String(Math.floor(at / 1000)),
    data: JSON.stringify(data),
  }
  return `{ ${Object.entries(parts)
    .map(([key, json]) => `"${key}": ${json}`)
    .join(', ')} }`
}

/** Epoch ns of 19 digits, never twice the same: events of one millisecond differ in digits that a JSON number loses. */
function createStamp(now: () => number): () => bigint {
  let last = 0n
  return () => {
    const stamp = BigInt(now()) * 1_000_000n + 633_079n
    last = stamp > last ? stamp : last + 1n
    return last
  }
}
