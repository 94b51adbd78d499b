import type { DeskDefinition } from '../desk.ts'
import { createDesk } from './adapter.ts'
import { type Settings, settings } from './settings.ts'

/** Aivo Live: we queue a conversation in its API Live and write as its user; its webhook tells of the agent. */
export const aivo: DeskDefinition<Settings> = {
  type: 'aivo',
  settings,
  // The conversation ids are secrets too (who has one may write into it), but they are nobody's setting: no log has them.
  secrets: ({ bot_token, webhook_token, headers }) => [bot_token, webhook_token, ...Object.values(headers)],
  create: createDesk,
}
