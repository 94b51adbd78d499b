import { isIP } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import type { Place, RedisAddress } from '../../lib/redis-address.ts'

/** How long a server may take to answer its first PING, in ms. */
const GREETING_MS = 2_000

const SILENT = 'took the connection, but says nothing in TLS'

/** What Node and OpenSSL say, and what to do about it. */
const MISTAKES: [RegExp, string][] = [
  [
    /^Hostname\/IP does not match/,
    'name the server in REDIS_URL as its certificate does, or have the certificate made out to this name too; sentinels and clusters name their servers by address, unless they are told to announce host names',
  ],
  [
    /^(self-signed certificate|unable to (get|verify)|certificate signature)/,
    'its certificate is signed by nobody we trust: set NODE_EXTRA_CA_CERTS to the file (PEM) with the certificate of the authority that signed it',
  ],
  [/^certificate (has expired|is not yet valid)/, 'have its certificate renewed, or mend our clock'],
  [
    /certificate required/,
    'it wants a certificate of ours, and we have none: set tls-auth-clients no, or optional, there',
  ],
  [
    new RegExp(`^${SILENT}|wrong version number|packet length too long`),
    'write its port for TLS, or redis in place of rediss if it has none',
  ],
]

/** What is wrong, and what to do; undefined when it has nothing to do with TLS. */
export function tlsMistake({ message }: Error): string | undefined {
  const advice = MISTAKES.find(([said]) => said.test(message))?.[1]
  // OpenSSL says where in its code it was, and Node ends on the names it found, of which there may be none.
  const said = message.replace(/^.*SSL routines:\w*:([^:]+):.*$/s, '$1').replace(/[:\s]+$/, '')
  return advice && `${said}: ${advice}`
}

/** Asks for the certificate of the very host that is meant, where several share an address. */
export function tlsTo(host: string): ConnectionOptions {
  return isIP(host) ? {} : { servername: host }
}

/** What REDIS_URL names; nothing without TLS. */
export function tlsPlaces(address: RedisAddress): Place[] {
  if (address.kind === 'sentinel') return address.tls ? address.sentinels : []
  if (address.kind === 'cluster') return address.tls ? address.nodes : []
  const { protocol, hostname, port } = new URL(address.url)
  return protocol === 'rediss:' ? [{ host: bare(hostname), port: Number(port || 6_379) }] : []
}

/** Of an IPv6 address, without its brackets. */
function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** Says where, what, and what to do. */
export class TlsMistake extends Error {}

/** Throws TlsMistake when TLS is the reason why none of them can be used. ioredis would say: "Connection is closed." */
export async function checkTls(places: Place[]): Promise<void> {
  const greetings = await Promise.allSettled(places.map(greet))
  if (greetings.some(({ status }) => status === 'fulfilled')) return
  for (const [i, greeting] of greetings.entries()) {
    const { host, port } = places[i] as Place
    const mistake = greeting.status === 'rejected' && tlsMistake(greeting.reason as Error)
    if (mistake) throw new TlsMistake(`${host}:${port}: ${mistake}`, { cause: greeting.reason })
  }
}

/** Resolves when it answers anything: a server that wants a certificate of ours says so after the handshake only. */
function greet({ host, port }: Place): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const socket = connect({ host, port, ...tlsTo(host) })
  let late = 'does not answer'
  socket.setTimeout(GREETING_MS, () => socket.destroy(new Error(late)))
  socket.once('connect', () => (late = SILENT))
  socket.once('secureConnect', () => {
    late = 'does not answer'
    socket.write('PING\r\n')
  })
  socket.once('data', () => {
    resolve()
    socket.destroy()
  })
  socket.on('error', reject)
  socket.once('close', () => reject(new Error('closes the connection')))
  return promise
}
