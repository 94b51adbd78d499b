import { z } from 'zod'
import { MediatorError } from '../../domain/errors.ts'
import type { Conversation } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Reply } from '../../lib/http-door.ts'
import type { Kit } from '../../lib/kit.ts'
import type { ChatLine, ChatRequest, CustomerLeg, Reading } from './customer-leg.ts'
import { type AnyAnswer, anyAnswer, createAnswer, keys, refreshAnswer, toLine } from './gms-wire.ts'
import type { Settings } from './settings.ts'

/** Chat API v2 of Genesys Mobile Services (docs.genesys.com, GMS API, ChatAPIv2): forms in, JSON out. */
type Gms = Kit & { services: string; headers: Record<string, string> }

export function createGms(settings: Settings, kit: Kit): CustomerLeg {
  const services = `${settings.gms_url}/genesys/2/chat`
  const gms: Gms = { ...kit, services, headers: { ...settings.headers, ...loginOf(settings) } }
  return {
    cursors: 'positions',
    request: (wanted, call) => create(gms, wanted, call),
    send: (chat, text, call) => send(gms, chat, text, call),
    finish: (chat, call) => disconnect(gms, chat, call),
    read: (chat, cursor, call) => refresh(gms, chat, cursor, call),
  }
}

function loginOf({ gms_user, gms_password }: Settings): Record<string, string> {
  if (gms_user === undefined) return {}
  return { authorization: `Basic ${Buffer.from(`${gms_user}:${gms_password}`).toString('base64')}` }
}

type Form = Record<string, string>
type Asked = { answer: AnyAnswer; where: string }

async function post(gms: Gms, route: string, path: string, form: Form, call: Call): Promise<Asked> {
  const { name, http, services, headers } = gms
  const reply = await http.send({
    method: 'POST',
    route,
    url: services + path,
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    accept: saysWhy,
    call,
  })
  const where = `${name} POST ${route}`
  return { answer: readAnswer(reply, where), where }
}

/** A refusal may come with any error status [O]; these mean the same everywhere and are read by the HTTP door. */
function saysWhy(status: number): boolean {
  return status >= 400 && ![401, 408, 429].includes(status)
}

function readAnswer({ status, json }: Reply, where: string): AnyAnswer {
  const { data } = anyAnswer.safeParse(json())
  if (data) return data
  if (status >= 500) throw new MediatorError('UNREACHABLE', `${where}: answered ${status}`)
  throw new MediatorError(
    'UNEXPECTED',
    `${where}: answered ${status}, and not as documented: check gms_url and the services in endpoints`,
  )
}

/** `statusCode` [D] (docs.genesys.com, ES WebAPIDEV, ChatService). */
const DONE = 0
const FAILED_FOR_NOW = 1
const OVER_FOR_GOOD = 2

function isOver({ statusCode, chatEnded }: AnyAnswer): boolean {
  return statusCode === OVER_FOR_GOOD || chatEnded
}

/** Nobody can look a chat up. So when this answer gets lost, another try requests another chat; the first one nobody reads,
 *  and Genesys ends it (`flex-disconnect-timeout`). */
async function create(gms: Gms, wanted: ChatRequest, call: Call): Promise<Conversation> {
  const { queue: service, nickname, subject, userData } = wanted
  if (service === '')
    throw new MediatorError(
      'UNKNOWN_DEPARTMENT',
      `${gms.name}: no department is given, and no default in endpoints`,
    )
  const attached = Object.entries(userData).map(([key, value]) => [`userData[${key}]`, value])
  const form = { nickname, subject, ...Object.fromEntries(attached) }
  const { answer, where } = await post(gms, 'chat/:service', `/${encodeURIComponent(service)}`, form, call)
  if (answer.statusCode === OVER_FOR_GOOD)
    throw new MediatorError(
      'MISCONFIGURED',
      `${where}: refused (${codesOf(answer)}): check gms_url, and the service "${service}" of the department`,
    )
  if (answer.statusCode !== DONE) throw failed(answer, where)
  const { data } = createAnswer.safeParse(answer)
  if (!data) throw new MediatorError('UNEXPECTED', `${where}: the answer lacks the ids of the chat`)
  const { chatId, ...ids } = data
  return { id: chatId, state: { leg: 'gms', service, ...ids } }
}

const legState = z.looseObject({ leg: z.literal('gms'), service: z.string() }).and(keys)

/** An operation on a chat, with the ids that prove that it is ours. */
function operate(gms: Gms, chat: Conversation, operation: string, form: Form, call: Call): Promise<Asked> {
  const { data } = legState.safeParse(chat.state)
  if (!data)
    throw new MediatorError('CONVERSATION_GONE', `${gms.name}: this chat was opened by another customer_api`)
  const { service, userId, secureKey, alias } = data
  const path = `/${encodeURIComponent(service)}/${encodeURIComponent(chat.id)}/${operation}`
  const route = `chat/:service/:id/${operation}`
  return post(gms, route, path, { userId, secureKey, alias, ...form }, call)
}

async function send(gms: Gms, chat: Conversation, text: string, call: Call): Promise<void> {
  const { answer, where } = await operate(gms, chat, 'send', { message: text }, call)
  if (isOver(answer)) throw new MediatorError('CONVERSATION_GONE', `${where}: the chat is over`)
  if (answer.statusCode !== DONE) throw failed(answer, where)
}

async function disconnect(gms: Gms, chat: Conversation, call: Call): Promise<void> {
  const { answer, where } = await operate(gms, chat, 'disconnect', {}, call)
  if (answer.statusCode !== DONE && !isOver(answer)) throw failed(answer, where)
}

/** The first position, from which all is read [O]. */
const BEGINNING = '1'

/** The cursor is `nextPosition`: where the server wants the next reading to begin. */
async function refresh(
  gms: Gms,
  chat: Conversation,
  cursor: string | undefined,
  call: Call,
): Promise<Reading> {
  const from = cursor ?? BEGINNING
  const { answer, where } = await operate(gms, chat, 'refresh', { transcriptPosition: from }, call)
  if (answer.statusCode !== DONE && !isOver(answer)) throw failed(answer, where)
  const { nextPosition, messages } = refreshAnswer.parse(answer)
  const lines = messages.flatMap(one => toLine(one) ?? [])
  return { lines, next: String(nextPosition ?? positionAfter(lines, from)), over: isOver(answer) }
}

/** Positions are indexes [I]. */
function positionAfter(lines: ChatLine[], from: string): number {
  return Math.max(Number(from), ...lines.map(({ index }) => index + 1))
}

function failed(answer: AnyAnswer, where: string): MediatorError {
  const code = answer.statusCode === FAILED_FOR_NOW ? 'UNREACHABLE' : 'UNEXPECTED'
  return new MediatorError(code, `${where}: failed for now (${codesOf(answer)})`)
}

/** Codes only: a text might repeat what somebody wrote. */
function codesOf({ statusCode, errors }: AnyAnswer): string {
  return [statusCode, ...errors.map(({ code }) => code)]
    .filter(code => typeof code === 'number' || (typeof code === 'string' && /^-?\d+$/.test(code)))
    .join(', ')
}
