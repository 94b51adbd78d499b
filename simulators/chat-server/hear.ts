import { type Core, type Heard, record } from './core.ts'
import { join } from './joining.ts'
import { receive } from './receiving.ts'
import { finish, register, requestTransfer } from './requests.ts'
import type { Wire } from './wire.ts'

const handlers = new Map<unknown, (heard: Heard) => void>([
  ['registerConnector', register],
  ['joinConversation', join],
  ['sendMessage', receive],
  ['endConversation', finish],
  ['requestAgentTransfer', requestTransfer],
])

/** Puts an event on record and acts on it; events nobody documented are only recorded. */
export function hear(core: Core, wire: Wire, packet: unknown[]): void {
  const [event, ...args] = packet
  const last = args.at(-1)
  const answer = typeof last === 'function' ? last : undefined
  const entry = record(core, { kind: 'received', socket: wire.id, event: String(event), payload: args[0] })
  const acknowledge: Heard['acknowledge'] = kind => {
    if (!answer || kind === 'none') return
    entry.acked = core.settings.acks[kind]
    answer(...entry.acked)
  }
  handlers.get(event)?.({ core, wire, payload: args[0], acknowledge })
}
