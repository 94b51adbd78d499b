import type { IncomingMessage } from 'node:http'
import type { CometDServer, ServerSession } from 'cometd-nodejs-server'
import type { Settings } from './settings.ts'

/** The Bayeux sessions of seats, by `userName`. */
export type BayeuxSessions = {
  /** To every session of the seat that is subscribed to the channel; without one it is lost. */
  deliver(seat: string, channel: string, data: unknown): void
  /** Forgets the sessions of this seat, or of all: their next connect is answered with 402, one that is held at once. */
  drop(seat?: string): void
  /** The channels a seat is subscribed to at the moment, over all its sessions. */
  subscriptions(seat: string): string[]
}

type Open = { session: ServerSession; seat: string }

/** Follows the sessions of a server. `seats` knows who is behind a raw request. */
export function followSessions(
  server: CometDServer,
  settings: Settings,
  seats: WeakMap<IncomingMessage, string>,
): BayeuxSessions {
  const sessions = new Map<string, Open>()
  server.policy = {
    canHandshake: (session, _message, callback) => {
      const seat = seats.get(server.context.request)
      if (seat && !settings.denyHandshake) sessions.set(session.id, { session, seat })
      callback(undefined, sessions.has(session.id))
    },
    canSubscribe: (_session, _message, { name }, callback) =>
      callback(undefined, !settings.refusedSubscriptions.includes(name)),
    canPublish: (_session, _message, _channel, callback) => callback(undefined, false),
  }
  server.addListener('sessionRemoved', ({ id }: ServerSession) => sessions.delete(id))
  const of = (seat?: string) =>
    [...sessions.values()].filter(open => open.seat === (seat ?? open.seat)).map(({ session }) => session)
  return {
    deliver: (seat, channel, data) => {
      const subscribers = of(seat).filter(session => namesOf(session).some(name => covers(name, channel)))
      for (const session of subscribers) session.deliver(null, channel, data)
    },
    drop: seat => of(seat).forEach(forget),
    subscriptions: seat => of(seat).flatMap(namesOf),
  }
}

function namesOf({ subscriptions }: ServerSession): string[] {
  return subscriptions.map(({ name }) => name)
}

function covers(subscription: string, channel: string): boolean {
  if (subscription.endsWith('/**')) return channel.startsWith(subscription.slice(0, -2))
  const folder = channel.slice(0, channel.lastIndexOf('/'))
  return subscription === channel || subscription === `${folder}/*`
}

/** A server that has lost a session does not say goodbye: what it would have said, and what waited, is taken away. */
function forget(session: ServerSession): void {
  const unknown = { successful: false, error: '402::session_unknown' }
  const advice = { reconnect: 'handshake', interval: 0 }
  session.addExtension({
    outgoing: (_sender, _session, message, callback) => {
      if (message.channel === '/meta/connect') Object.assign(message, unknown, { advice })
      callback(undefined, message)
    },
  })
  session.addListener('queueDrain', (_session, queue: unknown[]) => queue.splice(0))
  session.disconnect()
}
