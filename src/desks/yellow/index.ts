import type { DeskDefinition } from '../desk.ts'
import { createDesk } from './adapter.ts'
import { type Settings, settings } from './settings.ts'

/**
 * A help desk that implements Yellow.ai's "Custom Live Agent API": we are the bot side, which calls its three endpoints
 * and takes its events. (docs.yellow.ai/docs/platform_concepts/appConfiguration/customliveagent)
 */
export const yellow: DeskDefinition<Settings> = {
  type: 'yellow',
  settings,
  secrets: ({ token, webhook_token }) => [token, webhook_token],
  create: createDesk,
}
