import type { BotDefinition } from '../bot.ts'
import { createRapidPro } from './adapter.ts'
import {
  type ClientMessageBody,
  clientMessageBody,
  type RegisterBody,
  registerBody,
  toClientMessage,
  toRegistration,
} from './flow-request.ts'
import { type Settings, settings } from './settings.ts'

/** RapidPro and TextIt, from 7.4 on. */
export const rapidpro: BotDefinition<Settings> = {
  type: 'rapidpro',
  settings,
  secrets: ({ token }) => [token],
  create: createRapidPro,
  inbound: {
    registerBody,
    clientMessageBody,
    toRegistration: body => toRegistration(body as RegisterBody),
    toClientMessage: (body, key) => toClientMessage(body as ClientMessageBody, key),
  },
}
