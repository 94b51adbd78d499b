import { MediatorError } from '../../domain/errors.ts'
import type { Call } from '../../lib/call.ts'
import type { Reply } from '../../lib/http-door.ts'
import type { Kit } from '../../lib/kit.ts'
import { type Refusal, toClosingError, toOpeningError, toSendingError } from './errors.ts'
import type { Settings } from './settings.ts'
import { queueAnswer } from './wire.ts'

// "Query endpoints available in API Live", helpaivoen.aivohelp.com/article/query-endpoints-available-in-api-live/758008

/** One bot of Aivo's, as we call its API Live. */
export type Account = Kit & Pick<Settings, 'url' | 'headers'>

export type QueueBody = {
  botId: number
  groupsId: [number]
  /** The only credential of the API, and in the body: it must not be logged. */
  botToken: string
  protocolId: number
  user: {
    hash: string
    firstname: string
    lastname: string | null
    username: null
    email: string | null
    /** Digits. */
    phone: string | null
    picture: null
    extra: Record<string, string>[] | Record<string, string>
  }
  status: 'queued'
  lastSender: 'user'
}

/** For `file` and `image` the value is the address of the bytes. */
export type UserItem = { action: 'text' | 'file' | 'image'; value: string; source: 'user' }

/**
 * Puts a new conversation into a group's queue and returns its id, which is a secret: nothing else is asked of who writes
 * into it. Called twice, it queues two: the API neither knows repeats nor finds what is queued.
 * `POST queue/external` [D]
 */
export async function queueConversation(account: Account, body: QueueBody, call: Call): Promise<string> {
  const route = 'queue/external'
  const reply = await post(account, { route, path: route, json: body, toError: toOpeningError }, call)
  const { conversationId, roomId } = queueAnswer.safeParse(reply.json()).data ?? {}
  const id = conversationId || roomId
  if (id) return id
  const text = 'the answer has no conversationId; a conversation may be queued all the same'
  throw new MediatorError('UNEXPECTED', `${account.name} POST ${route}: ${text}`)
}

/** Where a client's words go: `waiting` for an agent, as far as we know, or attended. */
export type Room = { id: string; waiting: boolean }

/**
 * Says one thing as the user. Any 2xx means said: the answer is not documented.
 * `POST {conversationId}/client/message` [D]
 */
export async function postMessage(account: Account, room: Room, item: UserItem, call: Call): Promise<void> {
  const question = {
    route: ':conversation/client/message',
    path: `${encodeURIComponent(room.id)}/client/message`,
    json: { message: [item] },
    toError: (refusal: Refusal) => toSendingError(refusal, item.value, room.waiting),
  }
  await post(account, question, call)
}

/** `POST {conversationId}/{closePath}` [I]: announced by the page's introduction, and described nowhere. */
export async function postClosing(
  account: Account,
  id: string,
  closePath: string,
  call: Call,
): Promise<void> {
  const question = {
    route: `:conversation/${closePath}`,
    path: `${encodeURIComponent(id)}/${closePath}`,
    json: {},
    toError: toClosingError,
  }
  await post(account, question, call)
}

type Question = {
  /** The pattern: all that logs may see. */
  route: string
  path: string
  json: unknown
  toError(refusal: Refusal): MediatorError
}

async function post(account: Account, { toError, path, ...question }: Question, call: Call): Promise<Reply> {
  const url = `${account.url}/${path}`
  const { headers } = account
  const reply = await account.http.send({
    ...question,
    method: 'POST',
    url,
    headers,
    accept: isRefusal,
    call,
  })
  if (reply.status < 300) return reply
  const where = `${account.name} POST ${question.route}`
  throw toError({ where, status: reply.status, body: reply.json(), now: account.clock.now() })
}

/** The rest means the same everywhere and is read by the HTTP door. */
function isRefusal(status: number): boolean {
  return status >= 300 && status < 500 && ![401, 403, 408, 429].includes(status)
}
