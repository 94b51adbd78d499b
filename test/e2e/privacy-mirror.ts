import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { request } from 'undici'
import { CANARY } from './privacy-canaries.ts'

/** What a refusal repeats of the request: everything, or the first canary in it, alone, which looks like a code. */
export type Repeats = 'all' | 'word'

/** Stands before a system, lets everything through, and on demand refuses in its place, saying all it has been told. */
export type Mirror = {
  url: string
  refuse(method: string, path: RegExp, status: number, repeats: Repeats): void
  letThrough(): void
  /** How often it has refused. */
  refused: number
  stop(): Promise<void>
}

type Refusing = { method: string; path: RegExp; status: number; repeats: Repeats }

export async function startMirror(target: string): Promise<Mirror> {
  let refusing: Refusing | undefined
  const server = createServer((incoming, response) => {
    void readAll(incoming).then(body => {
      const path = incoming.url?.split('?', 1)[0] ?? ''
      if (refusing?.method !== incoming.method || !refusing?.path.test(path))
        return void forward(target, incoming, body, response)
      mirror.refused += 1
      response.writeHead(refusing.status, { 'content-type': 'application/json' })
      response.end(repeat(refusing.repeats, `${incoming.url} ${incoming.rawHeaders.join(' ')} ${body}`))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const mirror: Mirror = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse(method, path, status, repeats) {
      refusing = { method, path, status, repeats }
    },
    letThrough() {
      refusing = undefined
    },
    refused: 0,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
  return mirror
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function forward(
  target: string,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = incoming.headers
  try {
    const method = incoming.method as 'GET'
    const answer = await request(target + incoming.url, {
      method,
      headers,
      body: body.length > 0 ? body : null,
    })
    response.writeHead(answer.statusCode, answer.headers)
    response.end(Buffer.from(await answer.body.arrayBuffer()))
  } catch {
    response.destroy()
  }
}

/** In every place where some vendor writes why it refuses. */
function repeat(repeats: Repeats, said: string): string {
  const words = repeats === 'all' ? said : (CANARY.exec(said)?.[0] ?? said)
  const keys = [
    'error',
    'message',
    'errorType',
    'reason',
    'detail',
    'statusMessage',
    'errorDescription',
    'code',
  ]
  return JSON.stringify({
    [words]: words,
    status: 'error',
    success: false,
    data: {},
    errors: [words],
    text: [words],
    ...Object.fromEntries(keys.map(key => [key, words])),
  })
}
