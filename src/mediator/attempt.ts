import { MediatorError } from '../domain/errors.ts'
import type { Entry, Opening } from '../domain/mailbox.ts'
import type { Message } from '../domain/message.ts'
import type { Conversation, EndReason, Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Outcome, Store, Work } from '../store/store.ts'
import { deskMessageId } from './ids.ts'
import { openConversation, undoOpening } from './open-conversation.ts'
import type { Sides } from './sides.ts'

const DONE = { kind: 'removed' } satisfies Outcome

/** Does what the head of the mailbox asks for. Throws MediatorError when it could not be done. */
export async function attempt(store: Store, sides: Sides, work: Work, call: Call): Promise<Outcome> {
  const { head } = work
  switch (head.kind) {
    case 'open':
      return open(store, sides, work, head.opening, call)
    case 'close':
      await close(store, sides, work, head.reason, call)
      return DONE
    case 'end':
      await handBack(store, sides, work, head, call)
      return DONE
    case 'message':
      return sendMessage(sides, work, head, call)
    case 'notice':
      return sendNotice(sides, work, head.text, call)
  }
}

async function open(
  store: Store,
  sides: Sides,
  { session, turn }: Work,
  opening: Opening,
  call: Call,
): Promise<Outcome> {
  if (session.state !== 'ended') return openConversation(sides, session, opening, call)
  const triedBefore = turn.fence > 1
  if (triedBefore && !(await isTakenOver(store, session))) await undoOpening(sides, session, opening, call)
  return DONE
}

/** The client has come back meanwhile, and what is open at the desk may serve the new session: it is not ours to close. */
async function isTakenOver(store: Store, { id, client, desk, conversation }: Session): Promise<boolean> {
  const present = await store.findByClient(client.uuid)
  if (!present || present.session.id === id || present.session.state === 'ended') return false
  const theirs = present.session.conversation
  if (theirs === undefined) throw new MediatorError('THROTTLED', 'the client is just coming back')
  return conversation === undefined || (theirs.id === conversation.id && present.session.desk === desk)
}

async function sendMessage(
  sides: Sides,
  work: Work,
  head: Extract<Entry, { kind: 'message' }>,
  call: Call,
): Promise<Outcome> {
  const pieces = head.piece ? [head.message] : await cut(sides, work, head.message, call)
  if (pieces.length > 1)
    return { kind: 'expanded', into: pieces.map((piece, i) => pieceOf(head, piece, i, pieces.length)) }
  await pass(sides, work, head.message, call)
  return DONE
}

function cut(
  sides: Sides,
  { session, turn }: Work,
  message: Message,
  call: Call,
): Promise<Message[]> | Message[] {
  if (turn.direction === 'to_client') return sides.bot(session.bot).pieces(message, call)
  return sides.desk(conversing(session).desk).pieces?.(message) ?? [message]
}

/** Each piece is an entry of its own, so that a crash between two of them repeats neither. */
function pieceOf(head: Entry, message: Message, index: number, count: number): Entry {
  const piece = index === count - 1 ? 'last' : 'more'
  return { id: `${head.id}#${index + 1}`, at: head.at, kind: 'message', message, piece }
}

/** Sends to the human on the mailbox's side. */
async function pass(
  sides: Sides,
  { session, head, turn }: Work,
  message: Message,
  call: Call,
): Promise<void> {
  if (turn.direction === 'to_client') return sides.bot(session.bot).sendToClient(session, message, call)
  const open = conversing(session)
  const messageId = deskMessageId(session.id, head.id)
  return sides.desk(open.desk).sendToAgent({ session: open, messageId, message }, call)
}

type Conversing = Session & { desk: string; conversation: Conversation }

/** The session with its conversation, unless the desk has ended it: then nothing more can be said there. */
function conversing(session: Session): Conversing {
  const { desk, conversation, ending } = session
  const closedThere = ending !== undefined && ending.reason !== 'bot' && ending.reason !== 'expired'
  if (closedThere || desk === undefined || conversation === undefined)
    throw new MediatorError('CONVERSATION_GONE', 'the conversation has ended')
  return { ...session, desk, conversation }
}

async function sendNotice(sides: Sides, work: Work, text: string, call: Call): Promise<Outcome> {
  if (work.turn.direction === 'to_agent' && work.session.state === 'ended') return DONE
  await pass(sides, work, { text, attachments: [] }, call)
  return DONE
}

async function close(
  store: Store,
  sides: Sides,
  { session }: Work,
  reason: EndReason,
  call: Call,
): Promise<void> {
  if (session.desk === undefined || (await isTakenOver(store, session))) return
  await sides.desk(session.desk).closeConversation(session, reason, call)
}

/** Nobody has closed an idle conversation at the desk; one that cannot be closed must not keep the person from the bot. */
async function handBack(
  store: Store,
  sides: Sides,
  work: Work,
  ending: Extract<Entry, { kind: 'end' }>,
  call: Call,
): Promise<void> {
  if (ending.reason === 'expired') await close(store, sides, work, 'expired', call).catch(unlessTransient)
  await sides.bot(work.session.bot).endHandoff(work.session, ending, call)
}

function unlessTransient(error: unknown): void {
  if (!(error instanceof MediatorError) || error.transient) throw error
}
