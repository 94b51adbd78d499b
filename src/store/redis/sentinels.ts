import { Redis } from 'ioredis'
import type { Place, RedisAddress } from '../../lib/redis-address.ts'
import { type At, type Client, loginOf, retryDelay } from './client.ts'

const SWITCHED = '+switch-master'

/**
 * Listens to every sentinel. When one names another master, `followers` that are elsewhere connect anew: a master that was
 * cut off from the others, but not from us, does not know that it is none any more. Gives what ends the listening.
 */
export function watchSentinels(address: RedisAddress, followers: Client[]): () => void {
  if (address.kind !== 'sentinel') return () => undefined
  const onSwitch = (text: string) => {
    for (const follower of followers) if (follower instanceof Redis) follow(follower, text, address.master)
  }
  const watchers = address.sentinels.map(place => watch(place, address, onSwitch))
  const [first] = followers
  // Not before they are known to be trusted: a TLS connection given up while it is being refused ends the process.
  const begin = () => {
    for (const watcher of watchers) watcher.connect().catch(() => undefined)
  }
  if (first?.status === 'ready') begin()
  else first?.once('ready', begin)
  return () => {
    for (const watcher of watchers) watcher.disconnect()
  }
}

function watch(place: Place, address: At<'sentinel'>, onSwitch: (text: string) => void): Redis {
  const { sentinelUsername: username, sentinelPassword: password, tls } = address
  const watcher = new Redis({
    ...place,
    ...loginOf({ tls, ...(username && { username }), ...(password && { password }) }),
    lazyConnect: true,
    enableReadyCheck: false,
    autoResubscribe: false,
    retryStrategy: retryDelay,
  })
  watcher.on('error', () => undefined)
  watcher.on('ready', () => void watcher.subscribe(SWITCHED).catch(() => undefined))
  watcher.on('message', (_channel, text: string) => onSwitch(text))
  return watcher
}

/** `text`: name, old host, old port, new host, new port. */
function follow(follower: Redis, text: string, master: string): void {
  const [name, , , host, port] = text.split(' ')
  const { stream, status } = follower
  const isThere = stream?.remoteAddress === host && stream?.remotePort === Number(port)
  if (name === master && status === 'ready' && !isThere) follower.disconnect(true)
}
