import { MediatorError } from '../../../domain/errors.ts'
import type { Call } from '../../../lib/call.ts'
import { type Answer, type Refused, readAnswer, toError } from '../answer.ts'
import { lastPart } from './notice.ts'
import type { SeatHttp, SeatRequest } from './seat-http.ts'
import type { SeatSettings } from './settings.ts'
import { meAnswer } from './wire.ts'

/** Who the seat is as a user. */
export type Own = {
  id: string
  /** By any of these an agent's address ends when it is the seat's. */
  names: ReadonlySet<string>
}

/** The seat at work: an HTTP session, and in it a session of the contact centre. */
export type Login = {
  /** Begins both, from nothing. Throws MISCONFIGURED where the credentials are refused. */
  logIn(): Promise<void>
  /** Makes sure that the seat is at work, in the HTTP session there is or else in a new one. */
  resume(): Promise<void>
  /** Logs in again, unless that was done since `age`. */
  renew(age: number): Promise<void>
  /** Counts the logins. */
  age(): number
  /** Asks, and if the seat is not logged in any more, logs in and asks once more. */
  ask(request: SeatRequest, call: Call): Promise<Answer>
  own(): Own
  /** Whatever comes of it. */
  logOut(call: Call): Promise<void>
}

export type LoginKit = {
  settings: SeatSettings
  http: SeatHttp
  desk: string
  call: Call
  /** Credentials that were good before are so no more. */
  refused(error: MediatorError): void
}

/** Codes [D]: in this state there is nothing to do, it exists already, it is in use. */
const ALREADY: ReadonlySet<number | undefined> = new Set([2, 18, 19])
const PARTLY = 7

export function createLogin({ settings, http, desk, call: linkCall, refused }: LoginKit): Login {
  let own: Own | undefined
  let age = 0
  let renewing: Promise<void> | undefined

  return {
    logIn,
    resume,
    renew,
    age: () => age,
    own() {
      if (!own) throw new MediatorError('UNREACHABLE', `${desk}: the seat is not logged in`)
      return own
    },
    ask,
    logOut: async call =>
      void (await http.send(post('EndContactCenterSession'), call).catch(() => undefined)),
  }

  async function ask(request: SeatRequest, call: Call): Promise<Answer> {
    // Meanwhile we are a stranger, and would be given a session of our own.
    await renewing?.catch(() => undefined)
    const used = age
    const answer = await askOnce(request, call)
    if (!isLoggedOut(answer)) return answer
    await renew(used)
    return askOnce(request, call)
  }

  async function logIn(): Promise<void> {
    http.forget()
    own = readOwn(must(await askOnce(ME, linkCall), 'GET me'))
    await beginWork()
    age += 1
  }

  async function resume(): Promise<void> {
    const used = age
    must(await ask(ME, linkCall), 'GET me')
    if (age === used) await beginWork()
  }

  async function beginWork(): Promise<void> {
    const started = await askOnce(start(settings), linkCall)
    if (!isThere(started)) must(started, 'StartContactCenterSession')
    const ready = await askOnce(post('Ready'), linkCall)
    if (!isThere(ready)) must(ready, 'Ready')
  }

  async function renew(used: number): Promise<void> {
    if (age !== used) return
    renewing ??= logIn().finally(() => {
      renewing = undefined
    })
    await renewing.catch(error => {
      if (error instanceof MediatorError && error.code === 'MISCONFIGURED') refused(error)
      throw error
    })
  }

  async function askOnce(request: SeatRequest, call: Call): Promise<Answer> {
    return readAnswer(await http.send(request, call))
  }

  function must(answer: Answer, what: string): Record<string, unknown> {
    if (answer.ok) return answer.body
    throw refusal(answer, `${desk} ${what}`)
  }

  function readOwn(body: unknown): Own {
    const { data } = meAnswer.safeParse(body)
    if (!data)
      throw new MediatorError('UNEXPECTED', `${desk} GET me: the answer is not as documented (user.id)`)
    const { id, uri, path } = data.user
    return { id, names: new Set([id, lastPart(uri) ?? id, lastPart(path) ?? id]) }
  }
}

const ME: SeatRequest = { method: 'GET', route: 'me', path: '/me' }

/** docs.genesys.com, HTCC API: StartContactCenterSession, EndContactCenterSession [D]; Ready [I: public samples]. */
function post(operationName: string, more: Record<string, unknown> = {}): SeatRequest {
  return { method: 'POST', route: 'me', path: '/me', json: { operationName, ...more } }
}

function start({ place, login_code: loginCode, queue, device_path: devicePath }: SeatSettings): SeatRequest {
  const known = Object.entries({ place, loginCode, queue, devicePath }).filter(
    ([, value]) => value !== undefined,
  )
  return post('StartContactCenterSession', { channels: ['chat'], ...Object.fromEntries(known) })
}

function isLoggedOut(answer: Answer): boolean {
  return !answer.ok && (answer.code === 20 || (answer.code === undefined && answer.status === 401))
}

/** A seat that was left behind, by us or another replica, is still at work. */
function isThere(answer: Answer): boolean {
  if (answer.ok) return true
  return answer.code === PARTLY ? isChatStarted(answer.body) : ALREADY.has(answer.code)
}

/** The parts of an answer "partly done" are not documented: whatever names the channel and says that it went well [I]. */
function isChatStarted(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  return Object.entries(body).some(([key, part]) => {
    if (typeof part !== 'object' || part === null) return false
    const isChat = key === 'chat' || Object.values(part).includes('chat')
    return isChat ? isFine(part) : isChatStarted(part)
  })
}

function isFine(part: object): boolean {
  const { statusCode, status } = part as { statusCode?: unknown; status?: unknown }
  const said = statusCode ?? status
  return said === 0 || (typeof said === 'string' && ['0', 'ok'].includes(said.toLowerCase()))
}

/** Bad credentials, or ones that may not do what a seat does, are the only reason to give up for good. */
function refusal(answer: Refused, where: string): MediatorError {
  if ((answer.status === 401 || answer.status === 403) && !answer.csrf)
    return new MediatorError(
      'MISCONFIGURED',
      `${where}: refused (${answer.code ?? answer.status}): check user and password of the seat, and its rights`,
    )
  const error = toError(answer, where)
  return error.code === 'MISCONFIGURED' ? new MediatorError('UNREACHABLE', error.message) : error
}
