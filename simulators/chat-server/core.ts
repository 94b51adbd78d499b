import type { Settings } from './settings.ts'
import type { SocketEvent, State } from './state.ts'
import type { Wire } from './wire.ts'

/** Everything the parts of one simulated chat server share. */
export type Core = {
  settings: Settings
  state: State
  /** Milliseconds since the epoch. */
  now: () => number
  /** The sockets connected at the moment, by id. */
  wires: Map<string, Wire>
}

/** One event from a socket. `acknowledge` answers it, if the sender asked for that and the setting is not `none`. */
export type Heard = {
  core: Core
  wire: Wire
  payload: unknown
  acknowledge(kind: 'ok' | 'error' | 'none'): void
}

export function record(core: Core, event: Omit<SocketEvent, 'at'>): SocketEvent {
  const kept = { ...event, at: core.now() }
  core.state.events.push(kept)
  return kept
}

/** Sends an event to one socket and puts it on record. */
export function emit(core: Core, wire: Wire, event: string, payload: unknown): void {
  record(core, { kind: 'sent', socket: wire.id, event, payload })
  wire.emit(event, payload)
}
