import { MediatorError } from '../../domain/errors.ts'
import type { Answer } from './wire.ts'

/** What came back of a call. `where`: the desk's name and the endpoint, for messages. */
export type Answered = {
  where: string
  status: number
  /** Undefined when the body was no JSON object. */
  answer: Answer | undefined
}

/** Success: 2xx, and either the word "success", or no word and a ticket. */
function isSuccess({ status, answer }: Answered): boolean {
  if (!answer || status >= 300) return false
  return answer.status === undefined ? answer.data.ticketId !== undefined : answer.status === 'success'
}

/** The answer of a call that succeeded. Throws what it means when it did not. */
export function demandSuccess(answered: Answered): Answer {
  const { where, status, answer } = answered
  if (answer && isSuccess(answered)) return answer
  if (answer?.status !== undefined) throw refuse(where, status, answer)
  if (status < 300) throw new MediatorError('UNEXPECTED', `${where}: the answer is not as documented`)
  // There are no codes, so only an answer in the desk's own envelope is one about what was asked.
  if (status < 400 || status === 404 || status === 405)
    throw new MediatorError('MISCONFIGURED', `${where}: no such endpoint (${status}): check url and company`)
  throw new MediatorError('REJECTED', `${where}: refused (${status})`)
}

/** The desk's `message` may repeat anybody's words: of it only the names of documented fields are shown. */
function refuse(where: string, status: number, { message = '' }: Answer): MediatorError {
  const named = FIELDS.filter(field => new RegExp(`\\b${field}\\b`, 'i').test(message))
  const hint = named.length > 0 ? `; it names ${named.join(', ')}` : ''
  return new MediatorError('REJECTED', `${where}: refused (${status}${hint})`)
}

const FIELDS = [
  'senderId',
  'messageId',
  'conversationId',
  'userName',
  'userMobile',
  'userEmail',
  'conversationHistory',
  'conversationHistoryJSON',
  'ticketPriority',
  'ticketCategory',
  'ticketGroupId',
  'ticketId',
  'customFields',
  'messageType',
  'mediaJson',
]

/** The desk says in so many words that nobody is there, and of no queue. */
export function saysNobody({ answer }: Answered): boolean {
  return answer?.data.isAgentAvailable === false && answer.data.isQueued !== true
}

/** "chat ended": nothing shorter says that something is over. */
const SHORTEST = 10
/** Texts for people are shorter; what is longer repeats somebody's. */
const LONGEST = 300

/**
 * Whether a refusal says that the ticket is closed or unknown. Inferred: the specification has no codes, only a text for
 * people. `said` is what the client said: no evidence, should the desk repeat it.
 */
export function saysGone(answered: Answered, said: string): boolean {
  if (isSuccess(answered)) return false
  const message = answered.answer?.message ?? ''
  const evidence = (said.length < SHORTEST ? message : message.replaceAll(said, '')).slice(0, LONGEST)
  return TICKET_IS_GONE.test(evidence) || GONE_TICKET.test(evidence)
}

/** Words between the ticket and what it is. */
const LINKING = /(?:(?:with|this|id|is|was|has|been|already|currently|could|can|does|status)\b\W*)*/

/** "Ticket 12 has already been closed", "ticketId not found", "The conversation does not exist". */
const TICKET_IS_GONE = join(
  /\b(?:ticket|conversation|chat)[\s_-]?(?:id|number|status)?\b\W*/,
  LINKING,
  /(?:[\w-]*\d[\w-]*\b\W*)?/,
  LINKING,
  /(?:closed|resolved|ended|expired|unknown|invalid|not (?:found|exist|open|active|be found)|doesn.t exist|no longer)\b/,
)

/** "No such ticket", "Invalid ticketId", "Cannot find the ticket", "message for a closed ticket". */
const GONE_TICKET = join(
  /\b(?:no such|no open|no active|unknown|invalid|closed|resolved|(?:cannot|not|n.t) find)\s/,
  /(?:an?\s|the\s|this\s|any\s)?(?:ticket|conversation|chat)(?:\s?id)?\b/,
)

function join(...parts: RegExp[]): RegExp {
  return new RegExp(parts.map(({ source }) => source).join(''), 'i')
}
