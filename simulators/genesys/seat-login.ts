import type { FastifyReply, FastifyRequest } from 'fastify'
import { readBasic } from './basic.ts'
import { readCookies } from './cookies.ts'
import { newHexId } from './ids.ts'
import { Refusal } from './refusal.ts'
import type { User } from './types.ts'
import type { Workspace } from './workspace.ts'

/** A `JSESSIONID`. Without a user nobody has logged in with it yet; one that is over is refused for ever. */
export type HttpSession = { id: string; user?: User; csrfToken: string; isOver: boolean }

export type SeatLogin = {
  /**
   * The session of this request: of its cookie, or a new one by its Basic credentials (answered with the cookie).
   * Throws code 20 with HTTP 401 without either, for a session that is over (even with credentials: the answer sets a
   * fresh cookie, to log in with), and for a cookie and credentials of two seats.
   */
  identify(request: FastifyRequest, reply: FastifyReply): HttpSession & { user: User }
  end(session: HttpSession): void
  /** Ends all sessions of this seat, or of all. Returns the seats that had one. */
  expire(userName?: string): User[]
}

export function createSeatLogin(workspace: Workspace): SeatLogin {
  const sessions = new Map<string, HttpSession>()
  const create = (): HttpSession => {
    const id = newHexId().toUpperCase()
    const session = { id, csrfToken: newHexId(), isOver: false }
    sessions.set(id, session)
    return session
  }
  const identify = (request: FastifyRequest, reply: FastifyReply) => {
    const cookies = readCookies(request.headers.cookie)
    const known = sessions.get(cookies.get('JSESSIONID') ?? '')
    if (known?.isOver) {
      setCookie(reply, 'JSESSIONID', create().id)
      throw new Refusal(20, 'the session is over', 401)
    }
    const said = userOf(workspace, request)
    const user = known?.user ?? said
    if (!user) throw new Refusal(20, '', 401)
    if (said && said !== user) throw new Refusal(20, 'the session is of another user', 401)
    const session = Object.assign(known ?? create(), { user })
    if (!known) setCookie(reply, 'JSESSIONID', session.id)
    if (workspace.settings.stickyCookie && !cookies.has('AWSELB')) setCookie(reply, 'AWSELB', newHexId())
    return session
  }
  const end = (session: HttpSession) => {
    session.isOver = true
  }
  const expire = (userName?: string) => {
    const live = [...sessions.values()].filter(({ isOver, user }) => !isOver && user)
    const theirs = live.filter(({ user }) => user?.userName === (userName ?? user?.userName))
    theirs.forEach(end)
    return [...new Set(theirs.flatMap(({ user }) => user ?? []))]
  }
  return { identify, end, expire }
}

/** The seat whose credentials the request shows; undefined when it shows none. Throws code 20 for wrong ones. */
function userOf({ state }: Workspace, { headers }: FastifyRequest): User | undefined {
  if (headers.authorization === undefined) return undefined
  const said = readBasic(headers.authorization)
  const user = state.users.get(said?.user ?? '')
  if (!user?.password || user.password !== said?.password) throw new Refusal(20, '', 401)
  return user
}

function setCookie(reply: FastifyReply, name: string, value: string): void {
  reply.header('set-cookie', `${name}=${value}; Path=/; HttpOnly`)
}

/** The seat does not work any more: no invitations until it has started a session and said Ready again. */
export function logOff(user: User): void {
  user.isLoggedIn = false
  user.isReady = false
}
