import { connect, createServer, type Socket } from 'node:net'

/** A network between a client and a server, which can lose connections without a word to either. */
export type Relay = {
  url: string
  /** From now on nothing comes through on the connections there are; new ones work. */
  silence(): void
  close(): Promise<void>
}

export async function startRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target)
  const pairs = new Set<[near: Socket, far: Socket]>()
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    pairs.add([near, far])
    for (const socket of [near, far]) socket.on('error', () => undefined)
    near.pipe(far).pipe(near)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1')
  return {
    url: `redis://127.0.0.1:${address.port}`,
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe(far).resume()
        far.unpipe(near).resume()
      }
    },
    close() {
      for (const socket of [...pairs].flat()) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
