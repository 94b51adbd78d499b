import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** Whoever is told of events: their texts as they came, and the `token` of the address. */
export type Listener = { url: string; heard: { token: string | null; text: string }[] }

/** One that ends with the test. */
export async function startListener(): Promise<Listener> {
  const heard: Listener['heard'] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { searchParams } = new URL(request.url ?? '', 'http://localhost')
    heard.push({ token: searchParams.get('token'), text: Buffer.concat(chunks).toString() })
    response.end('{}')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/events?token=hook-secret`, heard }
}
