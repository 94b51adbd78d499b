import { MediatorError } from '../domain/errors.ts'
import type { Entry, Opening } from '../domain/mailbox.ts'
import type { Message } from '../domain/message.ts'
import { type Conversation, isClosedThere, type Session } from '../domain/session.ts'
import type { Call } from '../lib/call.ts'
import type { Outcome, Store, Work } from '../store/store.ts'
import { close, undo } from './closing.ts'
import { deskMessageId, pieceId } from './ids.ts'
import { openConversation } from './open-conversation.ts'
import type { Sides } from './sides.ts'

const DONE = { kind: 'removed' } satisfies Outcome

/** Does what the head of the mailbox asks for. Throws MediatorError when it could not be done. */
export async function attempt(store: Store, sides: Sides, work: Work, call: Call): Promise<Outcome> {
  const { head } = work
  switch (head.kind) {
    case 'open':
      return open(store, sides, work, head.opening, call)
    case 'close':
      await close(store, sides, work.session, head.reason, call)
      return DONE
    case 'undo':
      await undo(store, sides, { ...work.session, id: head.of }, head.desk, call)
      return DONE
    case 'end':
      await handBack(store, sides, work, head, call)
      return DONE
    case 'message':
      await refuseMovedOn(store, work)
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
  if (turn.fence > 1) for (const desk of opening.desks) await undo(store, sides, session, desk, call)
  return DONE
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

/** What a client said in a session that is over does not follow what they say in the next one, in the same conversation. */
async function refuseMovedOn(store: Store, { session, turn }: Work): Promise<void> {
  const { desk, conversation, state } = session
  if (turn.direction === 'to_client' || state !== 'ended' || desk === undefined || !conversation) return
  const holder = await store.findByConversation(desk, conversation.id)
  if (holder && holder.id !== session.id)
    throw new MediatorError('CONVERSATION_GONE', 'the conversation has gone on in another session')
}

/** Each piece is an entry of its own, so that a crash between two of them repeats neither. */
function pieceOf(head: Entry, message: Message, index: number, count: number): Entry {
  const piece = index === count - 1 ? 'last' : 'more'
  return { id: pieceId(head.id, index + 1), at: head.at, kind: 'message', message, piece }
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
  if ((ending && isClosedThere(ending)) || desk === undefined || conversation === undefined)
    throw new MediatorError('CONVERSATION_GONE', 'the conversation has ended')
  return { ...session, desk, conversation }
}

async function sendNotice(sides: Sides, work: Work, text: string, call: Call): Promise<Outcome> {
  if (work.turn.direction === 'to_agent' && work.session.state === 'ended') return DONE
  await pass(sides, work, { text, attachments: [] }, call)
  return DONE
}

/** Nobody has closed an idle conversation at the desk; one that cannot be closed must not keep the person from the bot. */
async function handBack(
  store: Store,
  sides: Sides,
  work: Work,
  ending: Extract<Entry, { kind: 'end' }>,
  call: Call,
): Promise<void> {
  if (ending.reason === 'expired')
    await close(store, sides, work.session, 'expired', call).catch(unlessTransient)
  await sides.bot(work.session.bot).endHandoff(work.session, ending, call)
}

function unlessTransient(error: unknown): void {
  if (!(error instanceof MediatorError) || error.transient) throw error
}
