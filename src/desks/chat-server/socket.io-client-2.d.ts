/** The client of Socket.IO 2, which comes without types: what of it is used. */
declare module 'socket.io-client-2' {
  const io: (origin: string, options: Record<string, unknown>) => import('./sockets.ts').Socket
  export default io
}
