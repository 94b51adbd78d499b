import Fastify from 'fastify'
import type { AgentFile } from '../stage.ts'

/** Where agents' files lie for desks that only pass links on. */
export type FileHost = { put(file: AgentFile): string; stop(): Promise<void> }

export async function startFileHost(): Promise<FileHost> {
  const app = Fastify()
  const files: AgentFile[] = []
  app.get<{ Params: { index: string } }>('/files/:index/:name', (request, reply) => {
    const file = files[Number(request.params.index)]
    return file ? reply.type(file.type).send(file.data) : reply.code(404).send()
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    put: file => `${url}/files/${files.push(file) - 1}/${encodeURIComponent(file.name)}`,
    stop: () => app.close(),
  }
}
