import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findFreePort } from './free-port.ts'
import { startCluster } from './redis-cluster.ts'
import { type RedisServer, startRedis } from './redis-server.ts'
import { until } from './until.ts'

/** Real Redis on 127.0.0.1 that talks TLS with everybody, and plainly with the tests on a port it names to nobody. */
export type TlsRedis = {
  /** As REDIS_URL wants it. */
  url: string
  servers: RedisServer[]
  /** From now on the server, by its place, shows this certificate to whoever comes. */
  show(certificate: Certificate, server: number): Promise<void>
  stop(): Promise<void>
}

/** Signed by the authority: for 127.0.0.1, or for another machine. */
export type Certificate = 'here' | 'elsewhere'

/** For NODE_EXTRA_CA_CERTS: the one that signed both, and one that signed neither. */
export const AUTHORITY = file('authority.crt')
export const OTHER_AUTHORITY = file('other-authority.crt')
/** What a server on this machine shows. */
export const CERTIFIED = { cert: file('here.crt'), key: file('server.key') }

const MASTER = 'mymaster'
const DOWN_MS = 500

function file(name: string): string {
  return join(import.meta.dirname, 'certificates', name)
}

type Speech = { port: number; args: string[] }

async function speakTls(wants: 'yes' | 'no' = 'no'): Promise<Speech> {
  const port = await findFreePort()
  const settings = {
    port: String(port),
    'cert-file': CERTIFIED.cert,
    'key-file': CERTIFIED.key,
    'ca-cert-file': AUTHORITY,
    'auth-clients': wants,
    replication: 'yes',
    cluster: 'yes',
  }
  return { port, args: Object.entries(settings).flatMap(([name, value]) => [`--tls-${name}`, value]) }
}

function manage(url: string, servers: RedisServer[], stop: () => Promise<void>): TlsRedis {
  return {
    url,
    servers,
    async show(certificate, server) {
      const admin = new Redis(String(servers[server]?.url))
      await admin.config('SET', 'tls-cert-file', file(`${certificate}.crt`))
      admin.disconnect()
    },
    stop,
  }
}

/** `wants`: whether it lets nobody in without a certificate of his own. */
export async function startTlsServer(wants: 'yes' | 'no' = 'no'): Promise<TlsRedis> {
  const { port, args } = await speakTls(wants)
  const server = await startRedis({ appendonly: true, args })
  return manage(`rediss://127.0.0.1:${port}`, [server], server.stop)
}

/** A master, its replica and, last, one sentinel, which is enough to decide. */
export async function startTlsSentinel(): Promise<TlsRedis> {
  const [first, second, third] = await Promise.all([speakTls(), speakTls(), speakTls()])
  const fast = ['--repl-diskless-sync-delay', '0']
  const master = await startRedis({ appendonly: true, args: [...first.args, ...fast] })
  const following = [...second.args, ...fast, '--replicaof', '127.0.0.1', String(first.port)]
  const replica = await startRedis({ appendonly: true, args: following })
  const watch = [
    `sentinel monitor ${MASTER} 127.0.0.1 ${first.port} 1`,
    `sentinel down-after-milliseconds ${MASTER} ${DOWN_MS}`,
    `sentinel failover-timeout ${MASTER} 1000`,
  ]
  await until('the replica has the master', () => hasReplica(master))
  const sentinel = await startRedis({ file: `${watch.join('\n')}\n`, args: ['--sentinel', ...third.args] })
  const all = [master, replica, sentinel]
  return manage(`rediss+sentinel://127.0.0.1:${third.port}/${MASTER}`, all, async () => {
    await Promise.all(all.map(server => server.stop()))
  })
}

async function hasReplica({ url }: RedisServer): Promise<boolean> {
  const admin = new Redis(url)
  const info = await admin.info('replication')
  admin.disconnect()
  return info.includes('state=online')
}

export async function startTlsCluster(): Promise<TlsRedis> {
  const ports: number[] = []
  const args = async () => {
    const speech = await speakTls()
    ports.push(speech.port)
    return speech.args
  }
  const { nodes, stop } = await startCluster(3, { args })
  const url = `rediss+cluster://${ports.map(port => `127.0.0.1:${port}`).join(',')}`
  return manage(url, nodes, stop)
}
