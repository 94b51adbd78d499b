import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { createAddressGuard, type Resolve } from '../../src/lib/address-guard.ts'
import { createAllowList } from '../../src/lib/allow-list.ts'
import { createFileSource, type FetchedFile, type FileLimits } from '../../src/lib/file-source.ts'
import { createHttpDoor } from '../../src/lib/http-door.ts'

export type FileServer = { port: number; url: string; stop(): void }

/** On an address of this machine, of which it has millions: some can be open while others are closed. */
export async function serve(answer: RequestListener, place = '127.0.0.1', port = 0): Promise<FileServer> {
  const server = createServer(answer).listen(port, place)
  await once(server, 'listening')
  const stop = () => strike(server)
  onTestFinished(stop)
  const { port: taken } = server.address() as AddressInfo
  return { port: taken, url: `http://${place}:${taken}`, stop }
}

function strike(server: Server): void {
  server.closeAllConnections()
  server.close()
}

/** Stands for a public address, since only it is allowed; 127.0.0.2 for one that is not. */
export const OPEN = '127.0.0.1'
export const CLOSED = '127.0.0.2'

type Two = { open: FileServer; closed: FileServer; asked: string[] }

/** Both on one port, so that only the address tells them apart. */
export async function serveBoth(location?: (port: number, path: string) => string | undefined): Promise<Two> {
  const asked: string[] = []
  const open = await serve((request, response) => {
    asked.push('open')
    const to = location?.(open.port, request.url ?? '')
    response.writeHead(to ? 302 : 200, to ? { location: to } : {}).end('public')
  }, OPEN)
  const closed = await serve(
    (_request, response) => {
      asked.push('closed')
      response.end('SECRET')
    },
    CLOSED,
    open.port,
  )
  return { open, closed, asked }
}

/** A resolver that gives these answers, one after the other; counts how often it was asked. */
export function answering(...answers: string[][]): Resolve & { asked: number } {
  const resolve = Object.assign(
    ((_host, answer) => {
      const addresses = answers[Math.min(resolve.asked++, answers.length - 1)] ?? []
      answer(
        null,
        addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }) as Resolve,
    { asked: 0 },
  )
  return resolve
}

export type Setting = {
  allow?: string[]
  known?: string[]
  resolve?: Resolve
  limits?: FileLimits
  /** Most connections per host. */
  connections?: number
  signal?: AbortSignal
}

export type Fetching = {
  fetch(url: string): Promise<FetchedFile | undefined>
  /** The statuses of the calls, as the metrics have them. */
  statuses: string[]
  log: Record<string, unknown>[]
}

/** A file source with its guard; only 127.0.0.1 is open unless said otherwise. */
export function createFetching(setting: Setting = {}): Fetching {
  const statuses: string[] = []
  const log: Record<string, unknown>[] = []
  const { allow = ['127.0.0.1'], known = [], resolve, signal = new AbortController().signal } = setting
  const door = createHttpDoor({
    account: 'files',
    clock: { now: Date.now },
    breaker: 'off',
    ...(setting.connections && { connections: setting.connections }),
    observe: ({ status }) => statuses.push(status),
    guard: createAddressGuard({ allow: createAllowList(allow), known, ...(resolve && { resolve }) }),
  })
  onTestFinished(() => door.close())
  const source = createFileSource(door, setting.limits)
  const call = {
    signal,
    log: pino({ level: 'trace' }, { write: line => log.push(JSON.parse(line)) }),
    attempt: 1,
  }
  return { fetch: url => source.fetch(url, call), statuses, log }
}
