import type { DeskDefinition } from '../desk.ts'
import { createDesk } from './adapter.ts'
import { operations } from './seat/index.ts'
import { type Settings, settings } from './settings.ts'

/**
 * Genesys Engage: as the customer of a chat (Web Services 8.5 to 8.6, or Mobile Services' Chat API v2), and with a seat as
 * one of its agents, for the eleven operations on interactions.
 */
export const genesys: DeskDefinition<Settings> = {
  type: 'genesys',
  settings,
  secrets: ({ seat, gms_user, gms_password, headers }) => [
    ...(seat ? loginSecrets(seat.user, seat.password) : []),
    ...(gms_user && gms_password ? loginSecrets(gms_user, gms_password) : []),
    ...Object.values(headers),
  ],
  create: createDesk,
  operations,
}

/** The password, and what stands for it in a header. */
function loginSecrets(user: string, password: string): string[] {
  return [password, Buffer.from(`${user}:${password}`).toString('base64')]
}
