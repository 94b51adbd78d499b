import formbody from '@fastify/formbody'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { answerFailure, httpStatusFor } from '../answers.ts'
import { type Arguments, optional, optionalNumber, readArguments, required } from '../arguments.ts'
import { readBasic } from '../basic.ts'
import { createChat } from '../chats.ts'
import { customerLeaves, customerSays, customerTypes, keepAlive } from '../customer.ts'
import { showError, showTranscript } from '../gms-view.ts'
import { newHexId } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import { routeChat, routingOf } from '../routing.ts'
import { readError } from '../server.ts'
import type { Chat } from '../types.ts'
import type { Workspace } from '../workspace.ts'

type OfService = { Params: { service: string } }
type OfCall = { Params: { service: string; id: string; call: string } }
type Credentials = { user: string; password: string }

/** GMS Chat API v2: forms in, JSON out. */
export function addGmsRoutes(parent: FastifyInstance, workspace: Workspace, auth?: Credentials): void {
  const routes = async (app: FastifyInstance) => {
    app.removeAllContentTypeParsers()
    await app.register(formbody)
    app.setErrorHandler(createGmsErrorHandler(workspace))
    app.addHook('preHandler', async request => auth && checkLogin(auth, request))
    app.addHook<OfCall>('preHandler', async ({ params }, reply) => {
      const failure = workspace.planted.take('gms', params.call ?? 'create')
      const more = { errors: [{ code: 0, advice: 'Planted' }] }
      return failure && answerFailure(workspace.settings, reply, failure, more)
    })
    app.post<OfService>('/:service', ({ params, body }) =>
      requestChat(workspace, params.service, readArguments(body ?? {})),
    )
    app.post<OfCall>('/:service/:id/:call', ({ params, body }) =>
      operate(workspace, params, readArguments(body ?? {})),
    )
  }
  parent.register(routes, { prefix: '/genesys/2/chat' })
}

function checkLogin({ user, password }: Credentials, { headers }: FastifyRequest): void {
  const said = readBasic(headers.authorization)
  if (said?.user !== user || said.password !== password) throw new Refusal(20, '', 401)
}

/** Codes 1 and 2 of GWS mean a wrong call here; what is gone or not theirs ends the session. */
function createGmsErrorHandler({ settings }: Workspace) {
  return (error: FastifyError | Refusal, _request: FastifyRequest, reply: FastifyReply) => {
    const { code, http, text } = readError(error)
    const isFinal = [5, 6].includes(code)
    const status = httpStatusFor(settings, code, http)
    reply.code(status).send(showError(isFinal ? 2 : 1, 200 + code, text, isFinal))
  }
}

function requestChat(workspace: Workspace, service: string, form: Arguments) {
  const routing = routingOf(workspace, service)
  if (!routing) throw new Refusal(6, 'no such service', 404)
  const nickname =
    optional(form, 'nickname') ?? `${required(form, 'firstName')} ${required(form, 'lastName')}`
  const keys = { userId: newHexId(8).toUpperCase(), secureKey: newHexId(), alias: '117' }
  const subject = optional(form, 'subject') ?? ''
  const userData = userDataOf(form)
  const chat = createChat(workspace, {
    leg: 'gms',
    nickname,
    subject,
    endpoint: service,
    routing,
    userData,
    keys,
  })
  keepAlive(workspace, chat)
  const answer = { ...showTranscript(workspace, chat), chatId: chat.id }
  routeChat(workspace, chat)
  return answer
}

/** The fields `userData[key]`. */
function userDataOf(form: Arguments): Record<string, string> {
  const named = Object.entries(form).map(([field, value]) => [/^userData\[(.+)\]$/.exec(field)?.[1], value])
  return Object.fromEntries(named.filter(([key]) => key).map(([key, value]) => [key, String(value)]))
}

/** The chat, for who shows all its keys. */
function chatOf({ state }: Workspace, service: string, id: string, form: Arguments): Chat {
  const chat = state.chats.get(id)
  if (!chat?.keys || chat.endpoint !== service) throw new Refusal(6, 'no such chat')
  const { userId, secureKey, alias } = chat.keys
  const isTheirs =
    required(form, 'userId') === userId &&
    required(form, 'secureKey') === secureKey &&
    required(form, 'alias') === alias
  if (!isTheirs) throw new Refusal(5, 'the keys are not those of this chat')
  return chat
}

type Call = (workspace: Workspace, chat: Chat, form: Arguments) => unknown

const calls = new Map<string, Call>(
  Object.entries({
    send: (workspace, chat, form) => customerSays(workspace, chat, required(form, 'message')),
    refresh: refresh,
    startTyping: (workspace, chat) => customerTypes(workspace, chat, 'TypingStarted'),
    stopTyping: (workspace, chat) => customerTypes(workspace, chat, 'TypingStopped'),
    disconnect: customerLeaves,
  } satisfies Record<string, Call>),
)

/** May carry a message, too. */
function refresh(workspace: Workspace, chat: Chat, form: Arguments): void {
  chat.polls.push({ index: optionalNumber(form, 'transcriptPosition'), at: workspace.now() })
  const message = optional(form, 'message')
  if (message) customerSays(workspace, chat, message)
}

function operate(workspace: Workspace, params: OfCall['Params'], form: Arguments) {
  const call = calls.get(params.call)
  if (!call) throw new Refusal(6, 'no such call', 404)
  const chat = chatOf(workspace, params.service, params.id, form)
  const isOver = !chat.isOpenToCustomer || chat.state === 'Idle'
  if (isOver && call !== refresh) return showError(2, 249, 'the chat is over', true)
  const position = optionalNumber(form, 'transcriptPosition')
  call(workspace, chat, form)
  keepAlive(workspace, chat)
  return showTranscript(workspace, chat, position ?? (call === refresh ? 1 : 0))
}
