import type { Settings } from './settings.ts'
import type { AgentSeed, SeatSeed } from './state.ts'
import type { Routing } from './types.ts'

export type GenesysOptions = {
  /** 0, the default, takes any free port. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** What customers must send as `ContactCenterId`; default `simulated-contact-center`. */
  contactCenterId?: string
  /** Logins for software; default one, `bot` with the password `seat-password`. */
  seats?: SeatSeed[]
  /** People: they take chats when asked, the rest is done by the drivers. Default `ana` (skill `hiv`) and `luis` (skill `general`). */
  agents?: AgentSeed[]
  /**
   * Endpoints (GWS) and services (GMS). Default `chat-general` to ana and luis, `chat-queue`, and `chat-seat` to bot.
   * The first is used by a RequestChat that names none.
   */
  endpoints?: Record<string, Routing>
  /** GMS wants these credentials; default none. */
  gmsAuth?: { user: string; password: string }
  settings?: Partial<Settings>
  /** How long a Bayeux connect is held, in ms; default 30,000. */
  connectTimeoutMs?: number
  /** How long a Bayeux session lives without a connect, in ms; default 10,000. */
  maxIntervalMs?: number
  /** Milliseconds since the epoch; default the machine's clock. */
  now?: () => number
}
