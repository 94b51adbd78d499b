import Fastify from 'fastify'

/** The floor: what an HTTP server costs that does nothing at all. */
const app = Fastify()
app.post('/*', async () => ({ status_code: 200, status: 'success', msg: 'delivered' }))
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })}\n`)
process.on('SIGTERM', () => process.exit(0))
