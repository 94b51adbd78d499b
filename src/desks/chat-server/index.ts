import type { DeskDefinition } from '../desk.ts'
import { createDesk } from './adapter.ts'
import { type Settings, settings } from './settings.ts'

/**
 * The Expertflow chat server, Hybrid Chat 3.x: we are a customer channel connector. Conversations are opened over REST; all
 * else goes over one Socket.IO connection, which one replica holds for all.
 */
export const chatServer: DeskDefinition<Settings> = {
  type: 'chat-server',
  settings,
  secrets: ({ headers, auth }) => [...Object.values(headers), ...Object.values(auth)],
  create: createDesk,
}
