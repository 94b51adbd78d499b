import { readFileSync } from 'node:fs'
import type { WebhookInbound } from '../../../src/desks/desk.ts'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { webhookOf } from '../webhook-of.ts'
import { setStage, UUID } from './support.ts'

type Body = Record<string, unknown>

export function fixture(name: string): Body {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'))
}

/** The event with keys changed; undefined takes one away. */
export function changed(name: string, change: Body): Body {
  return JSON.parse(JSON.stringify({ ...fixture(name), ...change }))
}

/** The agent's words with another `message`. */
export function saying(message: unknown): Body {
  return changed('agent-text', { message })
}

export function hook(settings: Body = {}): WebhookInbound {
  return webhookOf(setStage(settings).desk)
}

/** As it would be posted: a body, or its very text. */
export function posted(body: unknown): { body: unknown; text: string } {
  return typeof body === 'string'
    ? { body: JSON.parse(body), text: body }
    : { body, text: JSON.stringify(body) }
}

export function parse(body: unknown, settings: Body = {}): AgentEvent[] {
  return hook(settings).parse(posted(body))
}

export const HERE = { conversation: '354545', client: UUID }
const said = (message: object) => ({ ...HERE, type: 'message', message, agent: 'Lin' })
export const text = (words: string) => said({ text: words, attachments: [] })
export const file = (contentType: string, url: string) =>
  said({ text: '', attachments: [{ contentType, url }] })
