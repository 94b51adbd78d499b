import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { createTokenCheck } from './auth.ts'
import { answerBrokenRequest } from './broken-request.ts'
import { createFindAsker } from './caller.ts'
import { type CountRequest, countRequests } from './count-requests.ts'
import { answerError, answerErrors } from './error-handler.ts'
import { hangUpWhenClosing } from './hang-up.ts'
import { readEveryBodyAsJson } from './json-body.ts'
import { refuseOtherMethods } from './other-methods.ts'
import { refuseWhenOverloaded } from './overload.ts'
import { addBotRoutes, type BotDoor } from './routes/bot.ts'
import { addConversationRoutes, type ConversationDoor } from './routes/conversation.ts'
import { addDayStatusRoute, type DayStatusDoor } from './routes/day-status.ts'
import { addDeadLetterRoutes, type DeadLettersDoor } from './routes/dead-letters.ts'
import { addDeskRoutes, type DeskDoor } from './routes/desk.ts'
import { addHealthRoutes, type ProbeDoor } from './routes/health.ts'
import { addOpenApi } from './routes/open-api.ts'
import { addOperationsRoutes, type OperationsDoor } from './routes/operations.ts'

/** What the routes call; all of it belongs to the mediator, and knows nothing of HTTP. */
export type ServerKit = {
  log: Logger
  /** Undefined: API_AUTH=off. */
  apiTokens: string[] | undefined
  bot: BotDoor
  desks: DeskDoor
  conversations: ConversationDoor
  calendar: DayStatusDoor
  operations: OperationsDoor
  deadLetters: DeadLettersDoor
  probes: ProbeDoor
  count: CountRequest
}

export type App = FastifyInstance

/** Headers are described for the documentation; what is read of them is checked where it is read. */
const unchecked = (value: unknown): { value: unknown } => ({ value })

/** For a whole request to arrive, in ms: generous to a slow desk, and an end to who never ends. */
const REQUEST_TIMEOUT_MS = 30_000

const MEBIBYTE = 1024 * 1024
/** From a bot; a desk may send sixteen times as much, since a closing webhook carries the whole transcript. */
const BODY_LIMIT = MEBIBYTE
const DESK_BODY_LIMIT = 16 * MEBIBYTE

export async function buildServer(kit: ServerKit): Promise<App> {
  const app = Fastify({
    loggerInstance: kit.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenRequest,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // How often Node looks for such; as a rule every 30 s only.
    http: { connectionsCheckingInterval: 2_000 },
    // RapidPro follows a redirect of a POST as a GET without its body, so nothing is ever redirected.
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true, maxParamLength: 1_000 },
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  })
  app.setValidatorCompiler<z.ZodType>(route =>
    route.httpPart === 'headers' ? unchecked : validatorCompiler(route),
  )
  app.setSerializerCompiler(() => JSON.stringify)
  readEveryBodyAsJson(app)
  hangUpWhenClosing(app)
  countRequests(app, kit.count)
  answerErrors(app)
  const probes = refuseWhenOverloaded(app, kit.probes)
  const refuseRest = refuseOtherMethods(app)
  await addOpenApi(app)
  const typed = app.withTypeProvider<ZodTypeProvider>()
  const hasToken = createTokenCheck(kit.apiTokens)
  addBotRoutes(typed, kit.bot, hasToken)
  addDeskRoutes(typed, kit.desks, hasToken, DESK_BODY_LIMIT)
  addConversationRoutes(typed, kit.conversations, hasToken)
  addDayStatusRoute(typed, kit.calendar)
  addOperationsRoutes(typed, kit.operations, hasToken)
  addDeadLetterRoutes(typed, kit.deadLetters, hasToken, createFindAsker(kit.apiTokens))
  addHealthRoutes(typed, probes)
  refuseRest()
  await app.ready()
  return app
}
