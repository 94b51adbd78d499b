import type { DeskDefinition } from '../desk.ts'
import { createDesk } from './adapter.ts'
import { type Settings, settings } from './settings.ts'

/** Rocket.Chat Omnichannel (Livechat), 4.x to 8.x: we are the visitor of its REST API, its webhook tells of the agent. */
export const rocketchat: DeskDefinition<Settings> = {
  type: 'rocketchat',
  settings,
  secrets: ({ webhook_token, auth_token }) => (auth_token ? [webhook_token, auth_token] : [webhook_token]),
  create: createDesk,
  answersSendMessageToClient: true,
}
