import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TappedCall } from '../judge/excuses.ts'
import { numberIn } from '../judge/ledger.ts'
import { bodyOf } from './body.ts'

/** The line of one replica to RapidPro: everything passes as it is, and messages are noted down. */
export type Tap = { url: string; calls: TappedCall[]; stop(): void }

export async function tapRapidpro(replica: number, target: string): Promise<Tap> {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const calls: TappedCall[] = []
  const server = createServer((incoming, answer) => void relay(incoming, answer))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    },
  }

  async function relay(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming).catch(() => undefined)
    if (!body) return
    const call = noteDown(replica, body)
    if (call) calls.push(call)
    const { method, url: path, headers } = incoming
    const outgoing = request(new URL(path ?? '/', target), { agent, method, headers }, reply => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      const heard: Buffer[] = []
      reply.on('data', chunk => heard.push(chunk))
      reply.on('error', () => cut(answer))
      reply.pipe(answer)
      if (call) answer.once('finish', () => finish(call, reply.statusCode, heard))
    })
    outgoing.on('error', () => cut(answer))
    answer.once('close', () => answer.writableFinished || outgoing.destroy())
    outgoing.end(body)
  }
}

function cut(answer: ServerResponse): void {
  answer.socket?.resetAndDestroy()
}

function finish(call: TappedCall, status = 0, heard: Buffer[]): void {
  call.answeredAt = Date.now()
  call.status = status
  call.legible = parse(Buffer.concat(heard)) !== undefined
}

function noteDown(replica: number, body: Buffer): TappedCall | undefined {
  const number = numberIn(textIn(parse(body)))
  return number === undefined ? undefined : { replica, number, from: Date.now() }
}

/** A message's text is a string, a broadcast's one for each language. */
function textIn(body: unknown): unknown {
  const text = (body as { text?: unknown } | undefined)?.text
  return typeof text === 'object' && text !== null ? Object.values(text)[0] : text
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
}
