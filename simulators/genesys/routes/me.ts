import type { FastifyInstance } from 'fastify'
import { type Arguments, readArguments, required } from '../arguments.ts'
import type { Notifications } from '../bayeux.ts'
import { Refusal } from '../refusal.ts'
import { routeWaiting } from '../routing.ts'
import { guardSeats, type LoggedIn } from '../seat-guard.ts'
import { logOff, type SeatLogin } from '../seat-login.ts'
import { placeOf, showSeatChat, showUser } from '../seat-view.ts'
import type { Chat, SeatState, User } from '../types.ts'
import type { Workspace } from '../workspace.ts'

type Query = { Querystring: Record<string, unknown> }

/** A seat itself: who it is, whether it works, and what it has in hand. */
export function addMeRoutes(
  parent: FastifyInstance,
  workspace: Workspace,
  login: SeatLogin,
  notifications: Notifications,
): void {
  const routes = async (app: FastifyInstance) => {
    const whose = guardSeats(app, workspace, login, 'rest')
    app.get<Query>('/', request => {
      const { user } = whose(request)
      const shown = { statusCode: 0, user: showUser(workspace, user) }
      if (request.query.subresources === undefined) return shown
      return {
        ...shown,
        user: { ...shown.user, chats: chatsInHand(workspace, user), calls: [], devices: [] },
      }
    })
    app.get<Query>('/interactions', request => {
      const { user } = whose(request)
      if (request.query.fields !== undefined)
        return { statusCode: 0, interactions: chatsInHand(workspace, user) }
      const uris = inHand(workspace, user).map(([chat]) => placeOf(workspace, chat, 'interactions').uri)
      return { statusCode: 0, uris }
    })
    app.post('/', request => {
      const session = whose(request)
      const args = readArguments(request.body)
      if (required(args, 'operationName') !== 'EndContactCenterSession')
        return operate(workspace, session.user, args)
      endSession(login, notifications, session)
      return { statusCode: 0 }
    })
  }
  parent.register(routes, { prefix: '/api/v2/me' })
}

const statesInHand: SeatState[] = ['Invited', 'Chatting', 'LeftChat']

function inHand({ state }: Workspace, { userName }: User): [Chat, SeatState][] {
  const all = [...state.chats.values()].map(chat => [chat, chat.seats.get(userName)] as const)
  return all.flatMap(([chat, own]) => (own && statesInHand.includes(own) ? [[chat, own]] : []))
}

function chatsInHand(workspace: Workspace, user: User) {
  return inHand(workspace, user).map(([chat, own]) => showSeatChat(workspace, chat, own, chat.participants))
}

type Operation = (workspace: Workspace, user: User, args: Arguments) => void

const operations = new Map<string, Operation>(
  Object.entries({
    StartContactCenterSession: (_workspace, user, { channels }) => {
      if (channels === undefined) throw new Refusal(1, 'channels')
      if (!Array.isArray(channels) || !channels.includes('chat'))
        throw new Refusal(2, 'channels without chat')
      user.isLoggedIn = true
    },
    Ready: (workspace, user) => {
      setReady(user, true)
      routeWaiting(workspace)
    },
    NotReady: (_workspace, user) => setReady(user, false),
  } satisfies Record<string, Operation>),
)

function setReady(user: User, isReady: boolean): void {
  if (!user.isLoggedIn) throw new Refusal(2, 'no contact center session')
  user.isReady = isReady
}

function operate(workspace: Workspace, user: User, args: Arguments) {
  const operation = operations.get(required(args, 'operationName'))
  if (!operation) throw new Refusal(2, 'operationName')
  operation(workspace, user, args)
  return { statusCode: 0 }
}

/** Logs the seat out, and invalidates the HTTP session [D]. */
function endSession(login: SeatLogin, notifications: Notifications, session: LoggedIn): void {
  logOff(session.user)
  login.end(session)
  notifications.drop(session.user.userName)
}
