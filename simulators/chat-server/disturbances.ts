import type { Faults } from '../lib/faults.ts'
import type { Core } from './core.ts'
import { emit } from './core.ts'

/** `server`: the server says goodbye (clients do not come back by themselves). `transport`: the line is cut. */
export type DropKind = 'server' | 'transport'

/** What goes wrong with the sockets. */
export type Disturbances = {
  /** Drops one socket by its id, else all; the port stays open. */
  drop(kind: DropKind, socket?: string): void
  /** Cuts every connection and refuses new ones, until {@link Disturbances.resume}. Resolves when the port is closed. */
  pause(): Promise<void>
  /** Listens again on the same port. */
  resume(): Promise<void>
  /** Pauses and resumes; with `keepsState: false` (the default is true) it has forgotten every conversation. */
  restart(options?: { keepsState?: boolean }): Promise<void>
  /** Forgets every conversation, while the sockets stay connected. Records stay. */
  forget(): void
  /** Sends anything at all to every socket; the event is by default `messageArrived`. */
  sendRaw(payload: unknown, event?: string): void
  /** Sends every kind of nonsense to every socket: no objects, no types, unknown activities, broken lists. Returns how many. */
  sendJunk(conversationId?: string): number
}

export function createDisturbances(core: Core, faults: Faults): Disturbances {
  const sendRaw = (payload: unknown, event = 'messageArrived') => {
    for (const wire of core.wires.values()) emit(core, wire, event, payload)
  }
  const forget = () => core.state.conversations.clear()
  return {
    sendRaw,
    forget,
    drop: (kind, socket) => drop(core, kind, socket),
    pause: () => faults.down(),
    resume: () => faults.up(),
    restart: async ({ keepsState = true } = {}) => {
      await faults.down()
      if (!keepsState) forget()
      await faults.up()
    },
    sendJunk: conversationId => {
      const all = junk(conversationId)
      for (const [event, payload] of all) sendRaw(payload, event)
      return all.length
    },
  }
}

function drop({ wires }: Core, kind: DropKind, socket?: string): void {
  const dropped = [...wires.values()].filter(({ id }) => socket === undefined || id === socket)
  if (dropped.length === 0 && socket) throw new Error(`no socket ${socket} is connected`)
  for (const wire of dropped) {
    if (kind === 'server') wire.disconnect(true)
    else wire.conn.close(true)
  }
}

function junk(conversationId = 'c-nowhere'): [event: string, payload: unknown][] {
  const place = { conversationId, from: { id: 'agent-junk', name: 'Junk' }, to: [] }
  const bad = [
    null,
    42,
    'text',
    true,
    [],
    {},
    { type: 7, ...place, text: 'number as type' },
    { ...place, text: 'no type' },
    { type: 'SurpriseMessage', ...place, text: 'unknown type' },
    { type: 'ActivityMessage', ...place, activityType: 'levitating', info: {} },
    { type: 'ActivityMessage', ...place },
    { type: 'ActivityMessage', ...place, activityType: 'participantJoined', from: null, info: null },
    { type: 'ChatMessage', conversationId },
    { type: 'ChatMessage', ...place, from: 'nobody', text: 12, attachments: 'none' },
    { type: 'ChatMessage', ...place, text: '', attachments: [null, 3, { contentUrl: 5 }] },
  ]
  const messages = bad.map((payload): [string, unknown] => ['messageArrived', payload])
  const infos = [
    null,
    'info',
    {},
    { conversation: null, messages: {} },
    { conversation: { id: conversationId } },
  ]
  return [
    ...messages,
    ...infos.map((payload): [string, unknown] => ['conversationInfo', payload]),
    ['levitate', { conversationId }],
  ]
}
