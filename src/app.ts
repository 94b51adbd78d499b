import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import type { Bot } from './bots/bot.ts'
import type { Config } from './config/config.ts'
import type { Desk } from './desks/desk.ts'
import { operationsOf } from './desks/operations.ts'
import { deskDefinitions } from './desks/registry.ts'
import { MediatorError } from './domain/errors.ts'
import type { Session } from './domain/session.ts'
import type { CountRequest } from './http/count-requests.ts'
import { EVENTS_ROUTE, TO_CLIENT_ROUTE } from './http/routes/desk.ts'
import type { ProbeDoor } from './http/routes/health.ts'
import { type App, buildServer } from './http/server.ts'
import { type Clock, createClock } from './lib/clock.ts'
import type { Emit } from './links/link.ts'
import { createSupervisor } from './links/supervisor.ts'
import { createSwitchboard } from './links/switchboard.ts'
import { createDayGate } from './mediator/day-gate.ts'
import { DEAD_LETTER_TTL_MS, listDeadLetters, showDeadLetter } from './mediator/dead-letters.ts'
import { endSession } from './mediator/end-session.ts'
import { createHasten } from './mediator/hasten.ts'
import { tellOfLostDesks } from './mediator/lost-desks.ts'
import { createPipeline } from './mediator/pipeline.ts'
import { readFromAgent, receiveFromAgent } from './mediator/receive-from-agent.ts'
import { reconcile } from './mediator/reconcile.ts'
import { registerClient } from './mediator/register-client.ts'
import { replayDeadLetter, replayDeadLetters } from './mediator/replay.ts'
import { createRouter } from './mediator/routing.ts'
import { sendToAgent } from './mediator/send-to-agent.ts'
import { showSession } from './mediator/show-session.ts'
import { keepStoreTime } from './mediator/store-time.ts'
import { createSweep } from './mediator/sweep.ts'
import { fetchTranscript, operateConversation } from './mediator/use-conversation.ts'
import { createWaiters } from './mediator/waiters.ts'
import { watchStore } from './mediator/watch-store.ts'
import { createWorker } from './mediator/worker.ts'
import { createMetrics } from './metrics.ts'
import { createSides } from './sides.ts'
import { openRedisStore } from './store/redis/index.ts'
import { openSqliteStore } from './store/sqlite/index.ts'
import type { Store, StoreOptions } from './store/store.ts'

/** The whole service, without the process around it. */
export type Service = {
  app: App
  /** Listens, and takes up what is due. Resolves with the address. */
  start(): Promise<string>
  /** Takes no more, finishes what is under way, gives back its turns; within 25 s. */
  stop(): Promise<void>
}

/** Long enough for a renewal every few seconds to fail twice; a dead replica's mailboxes wait no longer than this. */
const LEASE_MS = 15_000
/** For what is under way when the process is told to stop: more than a caller waits, less than an orchestrator allows. */
const GRACE_MS = 15_000

/** The composition root: builds everything, passes it down, and starts nothing. */
export async function createService(config: Config, log: Logger): Promise<Service> {
  const clock = createClock()
  const { store, stop: watchNoMore } = watchStore(await openStore(config, log), log)
  const forgetTime = await keepStoreTime(store, clock)
  const metrics = createMetrics({
    desks: config.desks.map(({ name }) => name),
    tally: () => store.tally(),
    linkStates: () => supervisor.states(),
  })
  const replica = randomUUID()
  const switchboard = createSwitchboard(store, replica, clock, log)
  const hasten = createHasten({ store, clock, log, bot: config.bots[0]?.name ?? '' })
  const { doors, bot, desks } = createSides(config, {
    clock,
    metrics,
    linksOf: switchboard.doorOf,
    recovered: hasten,
  })
  const waiters = createWaiters()
  const { texts } = config.settings
  const sides = { desk: (name: string) => named(desks, name), bot: (name: string) => named([bot], name) }
  const worker = createWorker({ store, sides, texts, clock, log, meter: metrics.meter, waiters })
  const pipeline = createPipeline({ store, clock, log, meter: metrics.meter, waiters, worker })
  const hearing = { pipeline, store, texts, log }
  const look = (session: Session) => reconcile({ ...hearing, sides }, session, clock.now())
  const sweep = createSweep({ store, worker, pipeline, clock, log, look })
  const emit: Emit = (...read) => readFromAgent({ ...hearing, clock }, ...read)
  const supervisor = createSupervisor(
    { store, switchboard, replica, clock, log, emit, recovered: hasten },
    desks,
  )
  const probes = { ready: () => store.check(), links: supervisor.states, metrics: metrics.render }
  const count = metrics.countRequest
  metrics.expectPosts(doorsOf(config, desks))
  const app = await createApp({ config, log, clock, store, pipeline, bot, desks, probes, count })
  return {
    app,
    async start() {
      for (const { name } of [bot, ...desks]) hasten(name)
      void tellOfLostDesks(
        store,
        desks.map(({ name }) => name),
        log,
      )
      sweep.start()
      supervisor.start()
      return app.listen({ host: config.environment.host, port: config.environment.port })
    },
    async stop() {
      forgetTime()
      sweep.stop()
      // What is under way may need a link.
      const deliveries = worker.stop(GRACE_MS).then(supervisor.stop)
      await Promise.all([app.close(), deliveries])
      await Promise.all(doors.map(door => door.close()))
      watchNoMore()
      await store.close()
    },
  }
}

async function openStore({ environment, settings }: Config, log: Logger): Promise<Store> {
  const { redisUrl, dataDir, sessionTtlMs } = environment
  const options: StoreOptions = {
    leaseMs: LEASE_MS,
    sessionTtlMs,
    deadLetterTtlMs: DEAD_LETTER_TTL_MS,
    silentMs: settings.look_up_after,
  }
  if (redisUrl === undefined) return openSqliteStore(dataDir, options)
  return openRedisStore(redisUrl, options, { onWarning: text => log.warn(text) })
}

/** Conversations outlive the settings they were opened with; what waits for them is kept until somebody mends these. */
function named<T extends { name: string }>(all: T[], name: string): T {
  const found = all.find(one => one.name === name)
  if (found) return found
  throw new MediatorError(
    'MISCONFIGURED',
    `"${name}" is not in live-agents.toml any more: give a table that name again`,
  )
}

type AppParts = {
  config: Config
  log: Logger
  clock: Clock
  store: Store
  pipeline: ReturnType<typeof createPipeline>
  bot: Bot
  desks: Desk[]
  probes: ProbeDoor
  count: CountRequest
}

function createApp({
  config,
  log,
  clock,
  store,
  pipeline,
  bot,
  desks,
  probes,
  count,
}: AppParts): Promise<App> {
  const { settings, calendars } = config
  const { texts } = settings
  const gate = createDayGate(calendars, { now: Date.now }, settings.missing_calendar)
  const route = createRouter(routesOf(config))
  const find = (name: string) => desks.find(desk => desk.name === name)
  const inbound = desks.flatMap(desk =>
    desk.inbound.kind === 'webhook' ? [{ name: desk.name, ...desk.inbound }] : [],
  )
  return buildServer({
    log,
    apiTokens: config.environment.apiTokens,
    bot: {
      inbound: (config.bots[0] as Config['bots'][number]).definition.inbound,
      register: request =>
        registerClient({ store, pipeline, route, gate, texts, clock, bot: bot.name }, request),
      send: request => sendToAgent({ pipeline, clock }, request),
      end: (userid, simulation) => endSession({ pipeline, clock }, userid, simulation),
    },
    desks: {
      find: name => inbound.find(desk => desk.name === name),
      sendMessageToClient: inbound.filter(({ name }) => answersSendMessageToClient(config, name)),
      receive: (desk, event, budgetMs) =>
        receiveFromAgent({ pipeline, store, clock, texts, log }, desk, event, budgetMs),
    },
    conversations: {
      operations: operationsOf(deskDefinitions),
      operate: (...asked) => operateConversation(find, log, ...asked),
      transcript: (...asked) => fetchTranscript(find, log, ...asked),
    },
    calendar: { dayStatus: (where, at) => gate.status(where, at) },
    operations: { session: userid => showSession(store, userid) },
    deadLetters: {
      list: query => listDeadLetters(store, clock, query),
      show: id => showDeadLetter(store, clock, id),
      replay: (id, asker) => replayDeadLetter({ store, clock, log }, id, asker),
      replayAll: (selection, asker) => replayDeadLetters({ store, clock, log }, selection, asker),
    },
    probes,
    count,
  })
}

/** Where desks post. */
function doorsOf(config: Config, desks: Desk[]): { route: string; desk: string }[] {
  const posting = desks.filter(({ inbound }) => inbound.kind === 'webhook')
  const own = posting.map(({ name }) => ({ route: EVENTS_ROUTE, desk: name }))
  const isShared = posting.some(({ name }) => answersSendMessageToClient(config, name))
  return isShared ? [...own, { route: TO_CLIENT_ROUTE, desk: '' }] : own
}

function answersSendMessageToClient(config: Config, name: string): boolean {
  return config.desks.some(desk => desk.name === name && desk.definition.answersSendMessageToClient === true)
}

/** With no routes the only desk takes everything. */
function routesOf({ settings, desks }: Config) {
  if (settings.routes.length > 0) return settings.routes
  return [{ department: '*', desk: desks[0]?.name ?? '', fallback: [] }]
}
