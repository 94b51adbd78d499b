import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP line that can be made slow and can be cut. */
export type Relay = {
  url: string
  /** Of every chunk, each way, in ms; the order is kept. */
  setDelay(ms: number): void
  /** Resets every connection. */
  cut(): void
  stop(): void
}

export async function startRelay(port: number): Promise<Relay> {
  const pairs = new Set<[Socket, Socket]>()
  const line = { delayMs: 0 }
  const server = createServer(down => {
    const up = connect(port, '127.0.0.1')
    const pair: [Socket, Socket] = [down, up]
    pairs.add(pair)
    const close = (): void => {
      pairs.delete(pair)
      for (const socket of pair) socket.destroy()
    }
    for (const socket of pair) socket.setNoDelay(true).on('error', close).on('close', close)
    carry(down, up, line)
    carry(up, down, line)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const [down, up] of [...pairs]) {
      down.resetAndDestroy()
      up.destroy()
    }
  }
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    setDelay(ms) {
      line.delayMs = ms
    },
    cut,
    stop() {
      server.close()
      cut()
    },
  }
}

/** Chunks that come later must not overtake, also when the delay has become shorter meanwhile. */
function carry(from: Socket, to: Socket, line: { delayMs: number }): void {
  let lastDue = 0
  let waiting = 0
  from.on('data', chunk => {
    const due = Math.max(lastDue, performance.now() + line.delayMs)
    lastDue = due
    const write = (): void => void (to.writable && to.write(chunk))
    if (waiting === 0 && line.delayMs === 0) return write()
    waiting += 1
    setTimeout(
      () => {
        waiting -= 1
        write()
      },
      Math.max(1, Math.ceil(due - performance.now())),
    )
  })
}
