import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bodyOf } from './body.ts'

/** A request that came through, with its answer; `status` undefined when there was none. */
export type Passed = { path: string; body: Buffer; calledAt: number; status: number | undefined }

/** Where callers reach the replicas, as behind a load balancer. */
export type Front = {
  url: string
  /** Called as a request comes in, and when it has been answered or has come to nothing. */
  onCall?: (call: Omit<Passed, 'status'>) => void
  onAnswer?: (call: Passed) => void
  stop(): void
}

const PROBE_EVERY_MS = 500
const PROBE_TIMEOUT_MS = 1_000

/**
 * Round robin over those that answer its probe. A refused connection goes on to the next one; what is cut or never
 * answered is an error to the caller, since nobody knows whether it was done.
 */
export async function startFront(ports: number[]): Promise<Front> {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 })
  const probes = startProbes(ports)
  let turn = 0
  const order = (): number[] => {
    const living = ports.filter(port => probes.alive(port))
    const choice = living.length > 0 ? living : ports
    turn += 1
    return choice.map((_, i) => choice[(turn + i) % choice.length] as number)
  }
  const front: Front = { url: '', stop: () => undefined }
  const server = createServer((incoming, answer) => void pass(front, agent, order(), incoming, answer))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  front.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  front.stop = () => {
    probes.stop()
    server.close()
    server.closeAllConnections()
    agent.destroy()
  }
  return front
}

async function pass(
  front: Front,
  agent: Agent,
  ports: number[],
  incoming: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const body = await bodyOf(incoming).catch(() => undefined)
  if (!body) return
  const call = { path: incoming.url ?? '', body, calledAt: Date.now() }
  front.onCall?.(call)
  const status = await tryEach(agent, ports, incoming, body, answer)
  front.onAnswer?.({ ...call, status })
}

async function tryEach(
  agent: Agent,
  ports: number[],
  incoming: IncomingMessage,
  body: Buffer,
  answer: ServerResponse,
): Promise<number | undefined> {
  for (const port of ports) {
    try {
      const { status, headers, text } = await forward(agent, port, incoming, body, answer)
      if (answer.destroyed) return undefined
      answer.writeHead(status, headers).end(text)
      return status
    } catch (error) {
      if ((error as { code?: string }).code === 'ECONNREFUSED') continue
      break
    }
  }
  answer.socket?.resetAndDestroy()
  return undefined
}

function forward(
  agent: Agent,
  port: number,
  incoming: IncomingMessage,
  body: Buffer,
  answer: ServerResponse,
) {
  const { method, url: path, headers } = incoming
  const { promise, resolve, reject } = Promise.withResolvers<{
    status: number
    headers: IncomingMessage['headers']
    text: Buffer
  }>()
  const outgoing = request({ agent, host: '127.0.0.1', port, method, path, headers }, reply => {
    bodyOf(reply).then(
      text => resolve({ status: reply.statusCode ?? 502, headers: withoutHops(reply.headers), text }),
      reject,
    )
  })
  const giveUp = (): void => void outgoing.destroy(new Error('the caller has gone'))
  answer.once('close', giveUp)
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise.finally(() => answer.off('close', giveUp))
}

function withoutHops(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, ...rest } = headers
  return rest
}

function startProbes(ports: number[]) {
  const dead = new Set<number>()
  const probe = async (port: number): Promise<void> => {
    try {
      await fetch(`http://127.0.0.1:${port}/health/live`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
      dead.delete(port)
    } catch {
      dead.add(port)
    }
  }
  const timer = setInterval(() => ports.forEach(port => void probe(port)), PROBE_EVERY_MS)
  return { alive: (port: number) => !dead.has(port), stop: () => clearInterval(timer) }
}
