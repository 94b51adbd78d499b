import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A free port on 127.0.0.1: the wanted one, or any other while that is in use, with a word about it to `remark`. Throws what
 * the system says when there is another reason.
 */
export async function findPort(wanted: number, remark: (text: string) => void): Promise<number> {
  try {
    return await tryPort(wanted)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    const other = await tryPort(0)
    remark(`Port ${wanted} is in use by another program: ${other} is taken in its place.`)
    return other
  }
}

async function tryPort(wanted: number): Promise<number> {
  const server = createServer().listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : wanted
}
