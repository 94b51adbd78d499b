import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Faults } from '../lib/faults.ts'
import type { Core } from './core.ts'

/** Makes `down` and the end of the server cut websockets too, which an HTTP server does not count as its own. */
export function cuttable(app: FastifyInstance, core: Core, faults: Faults): Faults {
  const open = new Set<Socket>()
  let isStopped = false
  app.server.on('connection', (socket: Socket) => {
    if (isStopped) return void socket.destroy()
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const cut = () => {
    for (const wire of core.wires.values()) wire.conn.close(true)
    for (const socket of open) socket.destroy()
  }
  app.addHook('preClose', async () => {
    isStopped = true
    cut()
  })
  const { down } = faults
  // Its closing is over only when the last connection is, so the cut comes between.
  const downForAll = async () => {
    const isDown = down()
    cut()
    await isDown
  }
  return Object.assign(faults, { down: downForAll })
}
