import Fastify from 'fastify'
import type { AgentFile } from '../stage.ts'

/** Where agents' files lie for desks that only pass links on. */
export type FileHost = {
  put(file: AgentFile): string
  /** To be allowed by whoever fetches from here. */
  hosts: string[]
  stop(): Promise<void>
}

const HOST = '127.0.0.1'

export async function startFileHost(): Promise<FileHost> {
  const app = Fastify()
  const files: AgentFile[] = []
  app.get<{ Params: { index: string } }>('/files/:index/:name', (request, reply) => {
    const file = files[Number(request.params.index)]
    return file ? reply.type(file.type).send(file.data) : reply.code(404).send()
  })
  const url = await app.listen({ port: 0, host: HOST })
  return {
    put: file => `${url}/files/${files.push(file) - 1}/${encodeURIComponent(file.name)}`,
    hosts: [HOST],
    stop: () => app.close(),
  }
}
