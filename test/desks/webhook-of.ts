import type { Desk, WebhookInbound } from '../../src/desks/desk.ts'

export function webhookOf({ name, inbound }: Desk): WebhookInbound {
  if (inbound.kind !== 'webhook') throw new Error(`${name} has no webhook`)
  return inbound
}
