import { readFileSync } from 'node:fs'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { webhookOf } from '../webhook-of.ts'
import { setStage, UUID } from './support.ts'

type Body = Record<string, unknown> & { messages: Record<string, unknown>[] }

export function fixture(name: string): Body {
  return JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'))
}

/** The body with its first message changed; undefined takes a key away. */
export function saying(name: string, change: Record<string, unknown>): Body {
  const body = fixture(name)
  return JSON.parse(JSON.stringify({ ...body, messages: [{ ...body.messages[0], ...change }] }))
}

export function changed(name: string, change: Record<string, unknown>): unknown {
  return JSON.parse(JSON.stringify({ ...fixture(name), ...change }))
}

export function parse(body: unknown, settings: Record<string, unknown> = {}): AgentEvent[] {
  return webhookOf(setStage(settings).desk).parse({ body, text: JSON.stringify(body) })
}

export const HERE = { conversation: 'room1', client: UUID }
export const at = (time: string): number => Date.parse(`2025-06-15T${time}Z`)
export const text = (words: string) => ({ text: words, attachments: [] })
export const said = {
  ...HERE,
  type: 'message',
  agent: 'María Pérez',
  id: 'm1',
  at: at('15:05:00'),
} as const
export const closed = { ...HERE, type: 'closed', reason: 'agent', id: 'closed:room1' } as const
export type Row = { label: string; body: unknown; events: unknown[] }
