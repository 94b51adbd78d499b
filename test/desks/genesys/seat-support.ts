import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { type Genesys, type GenesysOptions, startGenesys } from '../../../simulators/genesys/index.ts'
import type { Link } from '../../../src/desks/desk.ts'
import { createSeat, type Seat, seatSettings } from '../../../src/desks/genesys/seat/index.ts'
import type { SeatConnection } from '../../../src/desks/genesys/seat/settings.ts'
import { MediatorError } from '../../../src/domain/errors.ts'
import type { Call } from '../../../src/lib/call.ts'
import { createFileSource } from '../../../src/lib/file-source.ts'
import { createHttpDoor, type HttpDoor, type OutgoingCall } from '../../../src/lib/http-door.ts'
import type { LinkDoor } from '../../../src/lib/link-door.ts'
import { until } from '../../support/until.ts'
import { type Books, createBooks, createFakeLink, type FakeLink, openSession } from './fake-link.ts'

export type SeatOptions = {
  settings?: Record<string, unknown>
  connection?: Partial<SeatConnection>
  books?: Books
  /** `/api/v2` of the desk. */
  url?: string
  clock?: SkippingClock
}

/** A seat whose link is run by this process. */
export type SeatStage = {
  seat: Seat
  link: FakeLink
  books: Books
  call: Call
  clock: SkippingClock
  /** Everything that left through the door. */
  sent: OutgoingCall[]
  /** What the log was told, a line each. */
  logged: string[]
  /** Settles as the run does. */
  ended: Promise<unknown>
  isServing(): boolean
  /** Takes the link away and waits until it has left. */
  stop(): Promise<void>
}

/** Goes on by itself, and can be put forward. */
export type SkippingClock = { now(): number; skip(ms: number): void }

function createSkippingClock(): SkippingClock {
  let skipped = 0
  return {
    now: () => Date.now() + skipped,
    skip(ms) {
      skipped += ms
    },
  }
}

export const ANA = 'ana'

/** A contact centre that ends with the test. */
export async function startCentre(options: GenesysOptions = {}): Promise<Genesys> {
  const genesys = await startGenesys({ connectTimeoutMs: 2_000, ...options })
  onTestFinished(() => genesys.stop())
  return genesys
}

/** Runs a seat of this centre until the test ends; `bot`, unless settings say otherwise. */
export function runSeat(genesys: Pick<Genesys, 'url'>, options: SeatOptions = {}): SeatStage {
  const { books = createBooks(), clock = createSkippingClock() } = options
  const logged: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => logged.push(line) })
  const sent: OutgoingCall[] = []
  const http = watch(createHttpDoor({ account: 'genesys', clock }), sent)
  const files = createFileSource(createHttpDoor({ account: 'files', clock, breaker: 'off' }))
  const line = createLine()
  const link: FakeLink = Object.assign(createFakeLink(books), { log, serve: line.serve })
  const seat = createSeat(
    seatSettings.parse({ user: 'bot', password: 'seat-password', nickname: 'Helper', ...options.settings }),
    {
      url: options.url ?? `${genesys.url}/api/v2`,
      headers: {},
      apiStyle: 'interactions',
      userDataKey: 'mediatorKey',
      transfers: undefined,
      relay: 'everything',
      transferFields: { agent: 'agentId', skill: 'skill' },
      ...options.connection,
    },
    { name: 'genesys', http, files, clock, links: line.door },
  )
  const ended = seat.link.run(link).catch((error: unknown) => error)
  const stop = async () => {
    link.stop()
    await ended
  }
  onTestFinished(async () => {
    await stop()
    await http.close()
  })
  const call = { signal: AbortSignal.timeout(20_000), log, attempt: 1 }
  return { seat, link, books, call, clock, sent, logged, ended, stop, isServing: line.isServing }
}

/** The same, once it hears what happens. */
export async function seatAtWork(genesys: Genesys, options: SeatOptions = {}): Promise<SeatStage> {
  const stage = runSeat(genesys, options)
  const user = String(options.settings?.user ?? 'bot')
  const hasListed = () =>
    genesys.state.requests.some(({ path, status }) => path.includes('/me/interactions?') && status)
  await until(
    'the seat hears',
    () => stage.isServing() && genesys.subscriptionsOf(user).length > 0 && hasListed(),
  )
  return stage
}

/** From every replica to the one that runs the link: here it is the same. */
function createLine(): { serve: Link['serve']; door: LinkDoor; isServing(): boolean } {
  let handler: Parameters<Link['serve']>[0] | undefined
  return {
    serve(offered) {
      handler = offered
    },
    isServing: () => handler !== undefined,
    door: {
      async ask(name, question, call) {
        if (name !== 'seat' || !handler) throw new MediatorError('UNREACHABLE', 'the link is not up')
        const answer = await handler(JSON.parse(JSON.stringify(question)), call)
        return JSON.parse(JSON.stringify(answer))
      },
    },
  }
}

/** Whatever leaves, leaves without a global `window`. */
function watch(door: HttpDoor, sent: OutgoingCall[]): HttpDoor {
  return {
    ...door,
    async send(call) {
      if ('window' in globalThis) throw new Error('a global window is there')
      sent.push(call)
      return door.send(call)
    },
  }
}

/** A chat whose customer is served by nobody yet, and which the seat was invited to. */
export function invite(genesys: Genesys, userData: Record<string, string> = {}, seat = 'bot'): string {
  const chat = genesys.customerStarts({ endpoint: 'chat-queue', userData })
  genesys.inviteSeat(chat.id, seat)
  return chat.interactionId
}

/** A chat the seat is in, with its session. */
export async function chatOf(stage: SeatStage, genesys: Genesys): Promise<string> {
  const interaction = invite(genesys)
  await stage.seat.accept(interaction, stage.call)
  openSession(stage.books, { id: interaction, state: { leg: 'seat' } })
  return interaction
}

/** What was posted to this path, or one that begins so, oldest first. */
export function posted(genesys: Genesys, path: string): unknown[] {
  const found = genesys.state.requests.filter(
    request => request.method === 'POST' && request.path.startsWith(`/api/v2${path}`),
  )
  return found.map(({ body }) => body)
}
