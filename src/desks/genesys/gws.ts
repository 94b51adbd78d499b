import type { ZodType } from 'zod'
import { MediatorError } from '../../domain/errors.ts'
import type { Conversation } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Kit } from '../../lib/kit.ts'
import { type Answer, type Refused, readAnswer, toError } from './answer.ts'
import type { ChatRequest, ChatState, CustomerLeg, Reading } from './customer-leg.ts'
import { chatAnswer, messagesAnswer, requestAnswer, toChatState, toLine } from './gws-wire.ts'
import type { Settings } from './settings.ts'

/**
 * The customer chat of Web Services (docs.genesys.com, HTCC API, CustomerChatGeneral). It knows us by the header
 * `ContactCenterId` and takes no login: `Authorization` or a seat's cookie would make an agent of us.
 */
type Gws = Kit & { chats: string; headers: Record<string, string> }

export function createGws({ url, contact_center_id, headers }: Settings, kit: Kit): CustomerLeg {
  const id = contact_center_id === undefined ? undefined : { ContactCenterId: contact_center_id }
  const gws: Gws = { ...kit, chats: `${url}/chats`, headers: { ...headers, ...id } }
  return {
    cursors: 'indexes',
    request: (wanted, call) => requestChat(gws, wanted, call),
    send: (chat, text, call) => sendMessage(gws, chat, text, call),
    finish: (chat, call) => complete(gws, chat, call),
    read: (chat, cursor, call) => readMessages(gws, chat, cursor, call),
    state: (chat, call) => readState(gws, chat, call),
  }
}

type Question = {
  method: 'GET' | 'POST'
  /** The pattern, for logs. */
  route: string
  path: string
  json?: unknown
}

type Asked = { answer: Answer; where: string }

async function ask(gws: Gws, { path, ...question }: Question, call: Call): Promise<Asked> {
  const { chats, headers, http, name } = gws
  const reply = await http.send({ ...question, url: chats + path, headers, accept: saysWhy, call })
  return { answer: readAnswer(reply), where: `${name} ${question.method} ${question.route}` }
}

/** What may say why in its body; the rest means the same everywhere and is read by the HTTP door. */
function saysWhy(status: number): boolean {
  return status >= 400 && status !== 408 && status !== 429
}

/** An operation on a chat, by POST [D]; the sample pages print POST for reading as well, which is a mistake of theirs. */
function operate(gws: Gws, chat: string, operation: Record<string, unknown>, call: Call): Promise<Asked> {
  return ask(gws, { method: 'POST', route: 'chats/:id', path: pathOf(chat), json: operation }, call)
}

function pathOf(chat: string): string {
  return `/${encodeURIComponent(chat)}`
}

/** Codes of the answers [D]: docs.genesys.com, GWS API, ReturnValues. */
const NOT_IN_THIS_STATE = 2
const FORBIDDEN = 3
const NOT_PERMITTED = 5
const NOT_FOUND = 6

/** Nobody can look a chat up. So when this answer gets lost, another try requests another chat; the first one nobody reads,
 *  and Genesys ends it (`flex-disconnect-timeout`). */
async function requestChat(gws: Gws, wanted: ChatRequest, call: Call): Promise<Conversation> {
  const { queue, ...said } = wanted
  const json = { operationName: 'RequestChat', ...said, ...(queue !== '' && { endpoint: queue }) }
  const { answer, where } = await ask(gws, { method: 'POST', route: 'chats', path: '', json }, call)
  if (!answer.ok) throw notOpened(answer, where, queue)
  return { id: read(requestAnswer, answer.body, where).id, state: { leg: 'gws' } }
}

/** None of these says for certain that it is the endpoint that is unknown [I]. */
const MAYBE_UNKNOWN: ReadonlySet<number | undefined> = new Set([
  NOT_IN_THIS_STATE,
  FORBIDDEN,
  NOT_PERMITTED,
  NOT_FOUND,
])

function notOpened(answer: Refused, where: string, endpoint: string): MediatorError {
  if (!MAYBE_UNKNOWN.has(answer.code)) return toError(answer, where)
  return new MediatorError(
    'MISCONFIGURED',
    `${where}: refused (${answer.code}): check contact_center_id, and the endpoint "${endpoint}" of the department`,
  )
}

async function sendMessage(gws: Gws, chat: Conversation, text: string, call: Call): Promise<void> {
  const { answer, where } = await operate(gws, chat.id, { operationName: 'SendMessage', text }, call)
  if (answer.ok) return
  if (answer.code === NOT_FOUND) throw gone(where)
  if (answer.code === NOT_IN_THIS_STATE) await explain(gws, chat, where, call)
  throw refused(answer, where)
}

/** Throws what it means that nothing can be said in a chat now; not when there is no telling. */
async function explain(gws: Gws, chat: Conversation, where: string, call: Call): Promise<void> {
  const { over, agents, maySpeak, waiting } = await readState(gws, chat, call)
  if (over || (agents.length === 0 && maySpeak === false && !waiting)) throw gone(where)
  if (waiting) throw new MediatorError('UNREACHABLE', `${where}: nobody has taken the chat yet (2)`)
}

async function complete(gws: Gws, chat: Conversation, call: Call): Promise<void> {
  const { answer, where } = await operate(gws, chat.id, { operationName: 'Complete' }, call)
  if (answer.ok || isOver(answer.code)) return
  throw refused(answer, where)
}

/** At a closing these mean: over before, not ours any more, or unknown. */
function isOver(code: number | undefined): boolean {
  return code === NOT_IN_THIS_STATE || code === NOT_PERMITTED || code === NOT_FOUND
}

/**
 * `index` is the first line wanted, 0 is all [D]. It is always said: without it the server keeps count of what it has told,
 * and what it told to a process that died is lost.
 */
async function readMessages(
  gws: Gws,
  chat: Conversation,
  cursor: string | undefined,
  call: Call,
): Promise<Reading> {
  const index = cursor === undefined ? 0 : Number(cursor) + 1
  const path = `${pathOf(chat.id)}/messages?index=${index}`
  const { answer, where } = await ask(gws, { method: 'GET', route: 'chats/:id/messages', path }, call)
  if (!answer.ok && answer.code === NOT_FOUND) return { lines: [], over: true }
  if (!answer.ok) throw refused(answer, where)
  const { messages } = read(messagesAnswer, answer.body, where)
  return { lines: messages.flatMap(one => toLine(one) ?? []), over: false }
}

async function readState(gws: Gws, chat: Conversation, call: Call): Promise<ChatState> {
  const question = { method: 'GET', route: 'chats/:id', path: pathOf(chat.id) } as const
  const { answer, where } = await ask(gws, question, call)
  if (!answer.ok && answer.code === NOT_FOUND) throw gone(where)
  if (!answer.ok) throw refused(answer, where)
  return toChatState(read(chatAnswer, answer.body, where))
}

function gone(where: string): MediatorError {
  return new MediatorError('CONVERSATION_GONE', `${where}: the chat is over or unknown`)
}

/** What answers without a code is not Web Services, but something on the way that may be mended while we run. */
function refused(answer: Refused, where: string): MediatorError {
  if (answer.status !== 404 || answer.code !== undefined) return toError(answer, where)
  return new MediatorError('UNEXPECTED', `${where}: answered 404 without a code: check url`)
}

function read<T>(schema: ZodType<T>, body: unknown, where: string): T {
  const { success, data, error } = schema.safeParse(body)
  if (success) return data
  const key = error.issues[0]?.path.join('.') || 'the body'
  throw new MediatorError('UNEXPECTED', `${where}: the answer is not as documented (${key})`)
}
