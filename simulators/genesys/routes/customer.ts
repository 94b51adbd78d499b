import type { FastifyInstance, FastifyRequest } from 'fastify'
import { answerFailure, createErrorHandler } from '../answers.ts'
import {
  type Arguments,
  optional,
  optionalNumber,
  readArguments,
  readUserData,
  required,
} from '../arguments.ts'
import { createChat } from '../chats.ts'
import { readCookies } from '../cookies.ts'
import { customerLeaves, customerSays, customerTypes, keepAlive, linesFor } from '../customer.ts'
import { showChat, showLine } from '../customer-view.ts'
import { Refusal } from '../refusal.ts'
import { routeChat, routingOf } from '../routing.ts'
import type { Chat } from '../types.ts'
import type { Workspace } from '../workspace.ts'

type OfChat = { Params: { id: string }; Querystring: Record<string, unknown> }

/** GWS Customer Chat API: no login, only the contact centre's id. */
export function addCustomerRoutes(parent: FastifyInstance, workspace: Workspace): void {
  const routes = async (app: FastifyInstance) => {
    app.setErrorHandler(createErrorHandler(workspace.settings))
    app.addHook('preHandler', async request => refuseStrangers(workspace, request))
    app.addHook('preHandler', async (request, reply) => {
      const failure = workspace.planted.take('customer', operationOf(request))
      return failure && answerFailure(workspace.settings, reply, failure)
    })
    app.post('/', ({ body }) => requestChat(workspace, readArguments(body)))
    app.post<OfChat>('/:id', ({ params, body }) => operate(workspace, params.id, readArguments(body)))
    app.get<OfChat>('/:id', ({ params }) => {
      const chat = chatOf(workspace, params.id)
      keepAlive(workspace, chat)
      return { statusCode: 0, chat: showChat(chat) }
    })
    app.get<OfChat>('/:id/messages', ({ params, query }) => giveMessages(workspace, params.id, query))
  }
  parent.register(routes, { prefix: '/api/v2/chats' })
}

/** With a login this would be an agent's call [D]; how it is refused is not documented [I]. */
function refuseStrangers({ contactCenterId }: Workspace, { headers }: FastifyRequest): void {
  const cookies = readCookies(headers.cookie)
  if (headers.authorization !== undefined) throw new Refusal(3, 'a customer has no Authorization', 403)
  if (cookies.has('JSESSIONID') || cookies.has('BAYEUX_BROWSER'))
    throw new Refusal(3, 'a customer has no session of a seat', 403)
  const said = headers.contactcenterid
  if (said === undefined) throw new Refusal(1, 'the header ContactCenterId', 400)
  if (said !== contactCenterId) throw new Refusal(3, 'no such contact center', 403)
}

/** What failures are planted on: the operationName, `GetChat` or `GetMessages`. */
function operationOf({ method, url, body }: FastifyRequest): string {
  if (method === 'GET') return /\/messages(\?|$)/.test(url) ? 'GetMessages' : 'GetChat'
  return String((body as Arguments | undefined)?.operationName)
}

function requestChat(workspace: Workspace, args: Arguments) {
  if (required(args, 'operationName') !== 'RequestChat') throw new Refusal(2, 'operationName')
  const [first = ''] = workspace.state.endpoints.keys()
  const nickname = required(args, 'nickname')
  const subject = required(args, 'subject')
  const endpoint = optional(args, 'endpoint') ?? first
  const routing = routingOf(workspace, endpoint)
  if (!routing) throw new Refusal(workspace.settings.unknownEndpoint, 'endpoint')
  const userData = readUserData(args.userData)
  const chat = createChat(workspace, { leg: 'gws', nickname, subject, endpoint, routing, userData })
  keepAlive(workspace, chat)
  routeChat(workspace, chat)
  return { statusCode: 0, id: chat.id, path: `/api/v2/chats/${chat.id}` }
}

function chatOf({ state }: Workspace, id: string): Chat {
  const chat = state.chats.get(id)
  if (chat?.leg !== 'gws') throw new Refusal(6, 'no such chat')
  return chat
}

type Operation = (workspace: Workspace, chat: Chat, args: Arguments) => unknown

const operations = new Map<string, Operation>(
  Object.entries({
    SendMessage: (workspace, chat, args) => customerSays(workspace, chat, required(args, 'text')),
    SendStartTypingNotification: (workspace, chat) => customerTypes(workspace, chat, 'TypingStarted'),
    SendStopTypingNotification: (workspace, chat) => customerTypes(workspace, chat, 'TypingStopped'),
    Complete: customerLeaves,
  }),
)

function operate(workspace: Workspace, id: string, args: Arguments) {
  const chat = chatOf(workspace, id)
  const operation = operations.get(required(args, 'operationName'))
  if (!operation) throw new Refusal(2, 'operationName')
  operation(workspace, chat, args)
  keepAlive(workspace, chat)
  return { statusCode: 0 }
}

/** Without an index: what this customer was not given yet. */
function giveMessages(workspace: Workspace, id: string, query: Arguments) {
  const chat = chatOf(workspace, id)
  const index = optionalNumber(query, 'index')
  chat.polls.push({ index, at: workspace.now() })
  keepAlive(workspace, chat)
  const lines = linesFor(workspace, chat, index ?? chat.given + 1)
  chat.given = Math.max(chat.given, lines.at(-1)?.index ?? 0)
  return { statusCode: 0, messages: lines.map(showLine) }
}
