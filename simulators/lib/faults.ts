import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { ZodError, z } from 'zod'
import { createFaultSet, type Fault, type FaultSet, type FaultStage, faultSchema } from './fault-set.ts'
import { createWebhookGate, type WebhookGate } from './webhook-gate.ts'

/** The switchboard of one simulator: what goes wrong with its requests, its webhooks and its port. */
export type Faults = FaultSet & {
  webhooks: WebhookGate
  /** Refuses connections: the listening socket is closed and every open connection cut. */
  down(): Promise<void>
  /** Listens again, on the same host and port. */
  up(): Promise<void>
}

type Refusal = { headers?: Record<string, string | number>; body: string | object }
/** How this vendor says 429; `resetMs` is the time until calls are allowed again. */
export type FaultOptions = { tooManyRequests?: (resetMs: number) => Refusal }

/**
 * Makes a Fastify server fail on demand. Call it before routes are added. Paths under `/__` are never struck.
 * Over HTTP: `GET /__faults`, `POST /__faults` with a fault, `DELETE /__faults` or `/__faults/:id`, and
 * `POST /__faults/down` with `{"ms"}`, which is up again after that time.
 */
export function installFaults(app: FastifyInstance, options: FaultOptions = {}): Faults {
  const set = createFaultSet()
  const faults: Faults = { ...set, webhooks: createWebhookGate(set), ...createOutage(app) }
  app.addHook('onRequest', (request, reply, done) => {
    const struck = strikes(faults, 'before', request)
    if (struck.length === 0) return done()
    void strikeBefore(struck, options, request, reply).then(answered => answered || done())
  })
  app.addHook('onSend', (request, _reply, payload, done) => {
    done(null, strikeAfter(strikes(faults, 'after', request), request, payload))
  })
  app.register(async scope => addControlRoutes(scope, faults))
  return faults
}

function strikes(faults: FaultSet, stage: FaultStage, request: FastifyRequest): Fault[] {
  const path = request.url.split('?', 1)[0] ?? request.url
  return path.startsWith('/__') ? [] : faults.strike(stage, request.method, path)
}

/** Lets each fault strike until one has answered (or never will); false when the request may go on. */
async function strikeBefore(
  struck: Fault[],
  options: FaultOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  for (const fault of struck) {
    if (fault.kind !== 'slow') return answerBadly(fault, options, request, reply)
    await wait(fault.ms, undefined, { ref: false })
  }
  return false
}

function answerBadly(
  fault: Fault,
  options: FaultOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): true {
  if (fault.kind === 'stall' || fault.kind === 'reset-before') reply.hijack()
  if (fault.kind === 'reset-before') request.raw.socket.resetAndDestroy()
  if (fault.kind === 'server-error') reply.code(500).type('text/plain').send('Internal Server Error')
  if (fault.kind === 'bad-gateway') reply.code(502).type('text/html').send(badGatewayPage)
  if (fault.kind === 'too-many-requests') {
    const refusal = (options.tooManyRequests ?? tooManyRequests)(fault.resetMs)
    reply
      .code(429)
      .headers(refusal.headers ?? {})
      .send(refusal.body)
  }
  return true
}

/** As RFC 6585 has it, for vendors whose own way nobody has written down. */
function tooManyRequests(resetMs: number): Refusal {
  return { headers: { 'retry-after': Math.ceil(resetMs / 1000) }, body: 'Too Many Requests' }
}

const badGatewayPage = '<html><body><h1>502 Bad Gateway</h1></body></html>'

function strikeAfter(struck: Fault[], request: FastifyRequest, payload: unknown): unknown {
  if (struck.some(fault => fault.kind === 'reset-after')) request.raw.socket.resetAndDestroy()
  if (typeof payload !== 'string') return payload
  const half = struck.some(fault => fault.kind === 'half-json')
  const sent = half ? payload.slice(0, payload.length / 2) : payload
  const drip = struck.find(fault => fault.kind === 'slow-drip')
  return drip ? Readable.from(drops(sent, drip.ms)) : sent
}

async function* drops(text: string, ms: number): AsyncGenerator<Buffer> {
  for (const byte of Buffer.from(text)) {
    await wait(ms, undefined, { ref: false })
    yield Buffer.of(byte)
  }
}

const outageSchema = z.object({ ms: z.number().nonnegative() })

function addControlRoutes(app: FastifyInstance, faults: Faults): void {
  app.setErrorHandler(explainControlError)
  app.get('/__faults', () => ({ faults: faults.list() }))
  app.post('/__faults', request => ({ id: faults.add(faultSchema.parse(request.body)) }))
  app.delete('/__faults', () => {
    faults.clear()
    return { faults: [] }
  })
  app.delete<{ Params: { id: string } }>('/__faults/:id', request => ({
    removed: faults.remove(request.params.id),
  }))
  app.post('/__faults/down', async (request, reply) => {
    const { ms } = outageSchema.parse(request.body)
    reply.raw.once('finish', () => void pauseListening(faults, ms))
    return { down: ms }
  })
}

async function pauseListening(faults: Faults, ms: number): Promise<void> {
  await faults.down()
  await wait(ms)
  await faults.up()
}

/** The error handler of control routes: 400 with the reason for a body that does not make sense. */
export function explainControlError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const reason = error instanceof ZodError ? z.prettifyError(error) : String(error)
  reply.code(400).send({ error: reason })
}

function createOutage(app: FastifyInstance): Pick<Faults, 'down' | 'up'> {
  let address: AddressInfo | undefined
  let isStopped = false
  const down = async () => {
    if (address) return
    address = app.server.address() as AddressInfo
    const closed = new Promise(resolve => app.server.close(resolve))
    app.server.closeAllConnections()
    await closed
  }
  const up = async () => {
    if (!address || isStopped) return
    const { port, address: host } = address
    address = undefined
    await new Promise<void>((resolve, reject) => {
      app.server.once('error', reject)
      app.server.listen(port, host, () => {
        app.server.off('error', reject)
        resolve()
      })
    })
  }
  app.addHook('preClose', async () => {
    isStopped = true
  })
  return { down, up }
}
