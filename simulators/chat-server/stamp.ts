import { randomUUID } from 'node:crypto'
import type { Core } from './core.ts'

type Stamp = { id?: string; timestamp?: string }

/** The id and the instant the server gives a message, unless switched off. */
export function stamp({ settings, now }: Core): Stamp {
  return {
    ...(settings.messageIds && { id: randomUUID() }),
    ...(settings.timestamps && { timestamp: new Date(now()).toISOString() }),
  }
}
