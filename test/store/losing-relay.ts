import { connect, createServer, type Socket } from 'node:net'

/** A network that loses an answer on the way back, and the connection with it. */
export type LosingRelay = {
  url: string
  /** The n-th answer from now on (0 is the next one) is lost, after the server has done what it was told. */
  lose(n: number): void
  /** Whether that has happened. */
  hasLost(): boolean
  close(): Promise<void>
}

export async function startLosingRelay(target: string): Promise<LosingRelay> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  let left = Number.POSITIVE_INFINITY
  const server = createServer(near => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('error', () => undefined)
    }
    near.pipe(far)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
    far.on('data', data => {
      if (left-- === 0) near.destroy()
      else near.write(data)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no free port on 127.0.0.1')
  return {
    url: `redis://127.0.0.1:${address.port}`,
    lose(n) {
      left = n
    },
    hasLost: () => left < 0,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}
