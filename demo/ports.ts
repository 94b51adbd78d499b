import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * A free port on 127.0.0.1: the wanted one, or any other while that is in use. Throws what the system says when there is
 * another reason.
 */
export async function findPort(wanted: number): Promise<number> {
  try {
    return await tryPort(wanted)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return tryPort(0)
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
