import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what systems give to whoever asks for any port: so nobody gets it while its owner is dead for a while. */
const LOWEST = 20_000
const HIGHEST = 32_000
const TRIES = 100

/** A port that is free, and stays so until whoever is to have it starts, and starts again. */
export async function findFreePort(): Promise<number> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    server.close()
    await once(server, 'close')
    return true
  } catch {
    return false
  }
}
