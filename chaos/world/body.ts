import type { IncomingMessage } from 'node:http'

/** The whole body; rejects when it is cut short. */
export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  if (!message.complete) throw new Error('cut short')
  return Buffer.concat(chunks)
}
