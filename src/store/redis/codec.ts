import type { Direction, Entry } from '../../domain/mailbox.ts'
import type { Ending, EndReason, Session, SessionRecord, SessionState } from '../../domain/session.ts'
import type { Work } from '../store.ts'

/** The session as the scripts answer it: record, st, dk, cv, cs, ag, ea, er, ed. */
export type View = (string | null)[]
/** A turn as the scripts answer it: fence, head, failed attempts, told. */
export type TurnReply = [string | number, string, string, string]

export const letterOf: Record<Direction, 'a' | 'c'> = { to_agent: 'a', to_client: 'c' }
export const directionOf: Record<string, Direction> = { a: 'to_agent', c: 'to_client' }

/** The scripts read the id from the start of the text, so it must come first. */
export function encodeEntry(entry: Entry): string {
  const { id, ...rest } = entry
  return JSON.stringify({ id, ...rest })
}

export function encodeEnding(ending: Ending | undefined): string {
  return ending ? `${ending.at} ${ending.reason} ${ending.deskAt ?? ''}` : ''
}

/** An id as it stands in an entry's text, but for the closing quote. */
export function encodeId(id: string): string {
  return JSON.stringify(id).slice(0, -1)
}

export function decodeSession(id: string, view: View): Session {
  const [record, state, desk, conversation, conversationState, agent] = view
  const session: Session = {
    ...(JSON.parse(record ?? '{}') as SessionRecord),
    id,
    state: state as SessionState,
  }
  if (desk) session.desk = desk
  if (conversation)
    session.conversation = { id: conversation, state: JSON.parse(conversationState ?? 'null') }
  if (agent) session.agent = agent
  const ending = decodeEnding(view)
  if (ending) session.ending = ending
  return session
}

function decodeEnding(view: View): Ending | undefined {
  const [at, reason, deskAt] = view.slice(6)
  if (!at) return undefined
  const ending: Ending = { at: Number(at), reason: reason as EndReason }
  if (deskAt) ending.deskAt = Number(deskAt)
  return ending
}

export function decodeWork(session: Session, direction: Direction, reply: TurnReply): Work {
  const [fence, head, count, told] = reply
  return {
    session,
    turn: { session: session.id, direction, fence: Number(fence) },
    head: JSON.parse(head) as Entry,
    attempts: { count: Number(count), told: told !== '0' },
  }
}
