import { type Cluster, Redis } from 'ioredis'
import type { RedisAddress } from '../../lib/redis-address.ts'
import { type Client, loginOf, placeOf, retryDelay, SINGLE } from './client.ts'

const OWN = {
  lazyConnect: true,
  enableAutoPipelining: false,
  // ioredis would leave a failed resubscription to nobody, which ends the process.
  autoResubscribe: false,
  // A replica lets us listen, and what is copied here leaves the client's own connection (see client.ts).
  reconnectOnError: null,
}

/** A connection of its own to subscribe on, not connected yet. Once it was, it comes back by itself, elsewhere if it must. */
export function createListener(client: Client, address: RedisAddress): Redis {
  const listener = client instanceof Redis ? client.duplicate(OWN) : toSomeNode(client, address)
  listener.on('error', () => undefined)
  return listener
}

/** Any node of a cluster hears what any other is told. */
function toSomeNode(cluster: Cluster, address: RedisAddress): Redis {
  const listener = new Redis({
    ...SINGLE,
    ...OWN,
    ...(address.kind === 'cluster' && { ...address.nodes[0], ...loginOf(address) }),
    retryStrategy(attempt) {
      moveOn()
      return retryDelay(attempt)
    },
  })
  cluster.once('ready', moveOn)
  return listener

  function moveOn(): void {
    const nodes = cluster.nodes()
    const next = nodes[Math.floor(Math.random() * nodes.length)]
    if (next) Object.assign(listener.options, placeOf(next))
  }
}

/** Whether the listener sits at a node that has left the cluster: nobody tells it anything there. */
export function isStray(listener: Redis, client: Client): boolean {
  if (client instanceof Redis || client.status !== 'ready') return false
  const { host, port } = placeOf(listener)
  return !client
    .nodes()
    .map(placeOf)
    .some(place => place.host === host && place.port === port)
}
