import type { Direction } from '../../domain/mailbox.ts'
import type { SessionChange } from '../../domain/session.ts'
import type { Outcome } from '../store.ts'
import { withChange } from './session-change.ts'
import type { Tables } from './tables/index.ts'
import type { SessionRow } from './tables/sessions.ts'

type Opened = Extract<Outcome, { kind: 'opened' }>

/** Ties the session to its conversation, and the conversation to it, but for one that is over from a live one. False, and nothing done: a live session of another client has it. */
export function bind({ sessions, mailboxes, tallies }: Tables, id: string, opened: Opened): boolean {
  const row = sessions.byId(id)
  if (!row) return false
  const { desk, conversation } = opened
  const holder = sessions.byConversation(desk, conversation.id)?.session
  const another = holder && holder.client.uuid !== row.session.client.uuid
  if (another && holder.state !== 'ended') return false
  const isTaken = row.session.state === 'ended' && holder !== undefined && holder.state !== 'ended'
  if (!isTaken) sessions.pointConversation(desk, conversation.id, id)
  // What was counted before a desk was found is counted on under it.
  const waiting = Object.entries(mailboxes.waitingOf(id)) as [Direction, number][]
  for (const [direction, n] of waiting) tallies.add(id, direction, 'moved', n)
  sessions.save(open(row, opened))
  for (const [direction, n] of waiting) tallies.add(id, direction, 'accepted', n)
  return true
}

/** What was heard early is newer than the answer to the opening; a session ended meanwhile stays ended. */
function open({ session, early }: SessionRow, { desk, conversation, state, agent }: Opened): SessionRow {
  const bound = { ...session, desk, conversation }
  if (session.state === 'ended') return { session: bound, early: {} }
  const told: SessionChange = early.state === 'assigned' ? early : { agent: early.agent }
  return { session: withChange(withChange(bound, { state, agent }), told), early: {} }
}
