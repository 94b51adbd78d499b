/** Where a Redis server, sentinel or cluster node listens. */
export type Place = { host: string; port: number }

type Common = {
  /** How many replicas must have a write before it is answered. 0: none. */
  replicas: number
  /** Every one of them, decoded. */
  secrets: string[]
}

type Login = { tls: boolean; username?: string; password?: string }

/** What REDIS_URL says. */
export type RedisAddress = Common &
  (
    | { kind: 'server'; url: string }
    | ({
        kind: 'sentinel'
        sentinels: Place[]
        master: string
        db: number
        sentinelUsername?: string
        sentinelPassword?: string
      } & Login)
    | ({ kind: 'cluster'; nodes: Place[] } & Login)
  )

/** Ends in what to write instead. Never holds a part of what was written: any part may be a password. */
export class RedisAddressError extends Error {}

const FORMS =
  'write redis://user:password@host:port/0, redis+sentinel://user:password@host:26379,host:26379/<name of the master> or redis+cluster://user:password@host:7000,host:7001 (rediss… with TLS), with % for special characters of the password; empty for the embedded store'

const URL_OF_MANY =
  /^(rediss?)\+(sentinel|cluster):\/\/(?:([^/?#]*)@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/
const PLACE = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i

const DEFAULT_PORT = { sentinel: 26_379, cluster: 6_379 }
const OPTIONS = {
  server: ['replicas'],
  sentinel: ['replicas', 'sentinel_username', 'sentinel_password'],
  cluster: ['replicas'],
}

type Parts = {
  login: Login
  kind: 'sentinel' | 'cluster'
  places: Place[]
  path: string
  query: URLSearchParams
}

/** Throws RedisAddressError. */
export function readRedisAddress(url: string): RedisAddress {
  if (!/^rediss?\+/.test(url)) return readServer(url)
  const parts = split(url)
  return parts.kind === 'sentinel' ? readSentinel(parts) : readCluster(parts)
}

function readServer(url: string): RedisAddress {
  try {
    const { protocol, host, pathname, password, searchParams } = new URL(url)
    if (!/^rediss?:$/.test(protocol) || host === '') throw new RedisAddressError(FORMS)
    if (!/^\/?\d*$/.test(pathname))
      throw new RedisAddressError(
        'behind the host stands the number of the database, such as …:6379/0, and nothing else; leave it out for 0',
      )
    checkOptions(searchParams, 'server')
    const secrets = [decodeURIComponent(password)].filter(Boolean)
    return { kind: 'server', url, replicas: readReplicas(searchParams, 0), secrets }
  } catch (error) {
    throw error instanceof RedisAddressError ? error : new RedisAddressError(FORMS)
  }
}

function readSentinel({ login, places, path, query }: Parts): RedisAddress {
  const [, master, db = '0'] = /^([^/]+)(?:\/(\d+))?$/.exec(decode(path)) ?? []
  if (master === undefined)
    throw new RedisAddressError(
      'behind the hosts of the sentinels, write the name they know the master by, and the number of the database if it is not 0, such as …:26379/mymaster or …:26379/mymaster/2',
    )
  const sentinelUsername = query.get('sentinel_username') ?? undefined
  const sentinelPassword = query.get('sentinel_password') ?? undefined
  return {
    kind: 'sentinel',
    sentinels: places,
    master,
    db: Number(db),
    ...login,
    ...(sentinelUsername && { sentinelUsername }),
    ...(sentinelPassword && { sentinelPassword }),
    replicas: readReplicas(query, 1),
    secrets: [login.password, sentinelPassword].filter(secret => secret !== undefined),
  }
}

function readCluster({ login, places, path, query }: Parts): RedisAddress {
  if (path !== '' && path !== '0')
    throw new RedisAddressError(
      'a cluster has database 0 only; leave out what stands behind the hosts, such as …:7000,host:7001',
    )
  const replicas = readReplicas(query, 0)
  return {
    kind: 'cluster',
    nodes: places,
    ...login,
    replicas,
    secrets: [login.password ?? ''].filter(Boolean),
  }
}

function split(url: string): Parts {
  const [, scheme, kind, user = '', hosts = '', path = '', query = ''] = URL_OF_MANY.exec(url) ?? []
  if (kind !== 'sentinel' && kind !== 'cluster') throw new RedisAddressError(FORMS)
  // A plus sign is a plus sign here, not a blank.
  const options = new URLSearchParams(query.replaceAll('+', '%2B'))
  checkOptions(options, kind)
  const places = hosts.split(',').map(place => readPlace(place, DEFAULT_PORT[kind]))
  return { kind, places, path, query: options, login: { tls: scheme === 'rediss', ...readLogin(user) } }
}

function checkOptions(query: URLSearchParams, kind: keyof typeof OPTIONS): void {
  if ([...query.keys()].every(name => OPTIONS[kind].includes(name))) return
  const form = kind === 'server' ? 'redis://' : `redis+${kind}://`
  throw new RedisAddressError(
    `behind the question mark, ${form} knows ${OPTIONS[kind].join(', ')} and nothing else`,
  )
}

/** `user:password`, `:password`, `user` or nothing. */
function readLogin(text: string): { username?: string; password?: string } {
  const colon = text.indexOf(':')
  const username = decode(colon < 0 ? text : text.slice(0, colon))
  const password = decode(colon < 0 ? '' : text.slice(colon + 1))
  return { ...(username && { username }), ...(password && { password }) }
}

function readPlace(text: string, defaultPort: number): Place {
  const [, host = '', port = String(defaultPort)] = PLACE.exec(text.trim()) ?? []
  const isPort = Number(port) >= 1 && Number(port) <= 65_535
  if (host && isPort) return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
  throw new RedisAddressError(
    'one of the hosts cannot be read; write host:port,host:port (an IPv6 address in brackets), with % for special characters of user and password',
  )
}

function readReplicas(query: URLSearchParams, otherwise: number): number {
  const text = query.get('replicas') ?? String(otherwise)
  if (/^\d$/.test(text)) return Number(text)
  throw new RedisAddressError(
    'replicas is the number of replicas that must have a write before it is answered; write ?replicas=1, or 0 to wait for none',
  )
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new RedisAddressError(FORMS)
  }
}
