import { asMediatorError, MediatorError } from '../../domain/errors.ts'
import { toPieces } from '../../domain/pieces.ts'
import type { Session } from '../../domain/session.ts'
import type { Call } from '../../lib/call.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Desk, DeskKit, Opened, OpeningRequest, ToAgent } from '../desk.ts'
import { type Account, fetchTranscript, initConversation } from './api.ts'
import { createConnector } from './link.ts'
import { lookUp } from './look-up.ts'
import { CONNECTOR, joinAnswer, PATIENCE_MS, type Question } from './questions.ts'
import { type Seat, toConversation, toSeat } from './seat.ts'
import type { Settings } from './settings.ts'
import { toChatMessage, toInitBody } from './translate.ts'

/** One desk, as every replica has it. */
type Office = {
  account: Account
  settings: Settings
  ask(question: Question, call: Call, ms: number): Promise<unknown>
}

export function createDesk(settings: Settings, kit: DeskKit): Desk {
  const account = { ...kit, url: settings.url, headers: settings.headers }
  const ask: Office['ask'] = (question, call, ms) =>
    kit.links.ask(CONNECTOR, question, call, ms).catch(error => refuseForNow(error, call, kit.clock))
  const office = { account, settings, ask }
  return {
    name: kit.name,
    openConversation: (request, call) => openConversation(office, request, call),
    pieces: toPieces,
    sendToAgent: (sending, call) => sendToAgent(office, sending, call),
    opensForEachSession: true,
    closeConversation: (session, _reason, call) => closeConversation(office, session, call),
    lookUp: (session, call) => lookUp(account, session, call),
    inbound: { kind: 'link', links: [createConnector(settings, kit)] },
    transcript: (conversation, type, call) => fetchTranscript(account, conversation, type, call),
  }
}

/** So many tries follow each other soon, the others later: what is away comes back within seconds, or not for long. */
const SOON_TRIES = 20
const SOON_MS = 2_000
const LATER_MS = 15_000

/** Most often there is no connection, and nothing was asked of the chat server: that may be tried sooner than a refusal. */
function refuseForNow(thrown: unknown, { attempt }: Call, clock: Clock): never {
  const error = asMediatorError(thrown)
  if (error.code !== 'UNREACHABLE') throw error
  const retryAt = clock.now() + (attempt <= SOON_TRIES ? SOON_MS : LATER_MS)
  throw new MediatorError(error.code, error.message, { cause: error, retryAt })
}

/** For the way to the link and back, in ms. */
const WAY_MS = 500
/** For the acknowledgement of a message, or for hearing who is there, in ms. */
const ANSWER_MS = 1_000

async function openConversation(office: Office, request: OpeningRequest, call: Call): Promise<Opened> {
  const body = toInitBody(request, office.settings, office.account.clock.now())
  await demandConnection(office, call)
  const seat = await initConversation(office.account, body, call)
  const patience = PATIENCE_MS + office.settings.join_timeout_ms + ANSWER_MS + WAY_MS
  const answer = joinAnswer.parse(await office.ask({ do: 'join', seat }, call, patience))
  const conversation = toConversation(seat)
  if (answer.agent === undefined) return { conversation, state: 'queued' }
  return { conversation, state: 'assigned', ...(answer.agent && { agent: answer.agent }) }
}

/** What nobody can join must not be opened. */
async function demandConnection({ ask }: Office, call: Call): Promise<void> {
  await ask({ do: 'ready' }, call, PATIENCE_MS + WAY_MS)
}

async function sendToAgent(
  office: Office,
  { session, messageId, message }: ToAgent,
  call: Call,
): Promise<void> {
  const seat = toSeat(session.conversation)
  if (!seat) throw new MediatorError('CONVERSATION_GONE', 'the conversation was not opened by this desk')
  const patience = PATIENCE_MS + ANSWER_MS + WAY_MS
  for (const [index, piece] of toPieces(message).entries()) {
    const id = index === 0 ? messageId : `${messageId}a${index}`
    const said = toChatMessage(seat, id, piece, office.account.clock.now())
    await office.ask({ do: 'send', seat, message: said }, call, patience)
  }
}

async function closeConversation(office: Office, session: Session, call: Call): Promise<void> {
  const seat = session.conversation ? toSeat(session.conversation) : await findLeftover(office, session, call)
  if (!seat) return
  const patience = PATIENCE_MS + office.settings.end_timeout_ms + WAY_MS
  await office.ask({ do: 'end', seat, joined: session.conversation !== undefined }, call, patience)
}

/**
 * Opening it once more, under the same `requestId`, tells what was opened the first time [I]. A server that does not keep to
 * that opens another one, which is ended before anybody joins it.
 */
async function findLeftover(office: Office, session: Session, call: Call): Promise<Seat | undefined> {
  const { account, settings } = office
  const { id, client, department } = session
  const request = { session: id, client, department, results: {} }
  try {
    const body = toInitBody(request, settings, account.clock.now())
    await demandConnection(office, call)
    return await initConversation(account, body, call)
  } catch (error) {
    // Refused for good, as it was the first time: nothing was opened.
    if (asMediatorError(error).transient) throw error
    return undefined
  }
}
