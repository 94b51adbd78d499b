import type { AgentEvent } from '../../domain/agent-event.ts'
import type { Print } from './print.ts'
import type { Settings } from './settings.ts'

export type Relay = Pick<Settings, 'relay_bots' | 'relay_greetings' | 'file_notice'>

/** Something for the client. `who`: the participant who has come or gone. */
export type News = { kind: 'news'; event: AgentEvent; print: Print; who?: string }

export type Heard =
  | News
  /** Of no concern to the client. `why` is safe to log. */
  | { kind: 'dropped'; why: string }
  /** What we said ourselves; `id` as the server knows it. */
  | { kind: 'own'; id?: string }
  | { kind: 'no-agent' }
