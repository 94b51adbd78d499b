import { readFileSync } from 'node:fs'
import type { AgentEvent } from '../../../src/domain/agent-event.ts'
import { webhookOf } from '../webhook-of.ts'
import { setStage } from './support.ts'

/** An event as the vendor writes it, with all the digits of its timestamp. */
export function fixture(name: string): string {
  return readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8')
}

/** The event with other keys at its top, its timestamp untouched; undefined takes a key away. */
export function changed(name: string, change: Record<string, unknown>): string {
  const { timestamp: _, ...event } = JSON.parse(fixture(name))
  const [, digits] = /"timestamp": (\d+)/.exec(fixture(name)) ?? []
  const rest = JSON.stringify({ ...event, ...change }).slice(1)
  return 'timestamp' in change ? `{${rest}` : `{"timestamp":${digits},${rest}`
}

/** The event with something else said in it. */
export function saying(data: unknown): string {
  return changed('message', { data })
}

export function parse(text: string, settings: Record<string, unknown> = {}): AgentEvent[] {
  return webhookOf(setStage(settings).desk).parse({ body: JSON.parse(text), text })
}
