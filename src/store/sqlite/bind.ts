import type { SessionChange } from '../../domain/session.ts'
import type { Outcome } from '../store.ts'
import { withChange } from './session-change.ts'
import type { Tables } from './tables/index.ts'
import type { SessionRow } from './tables/sessions.ts'

type Opened = Extract<Outcome, { kind: 'opened' }>

/** Ties the session to its conversation. False, and nothing done: a live session of another client has it. */
export function bind({ sessions }: Tables, id: string, opened: Opened): boolean {
  const row = sessions.byId(id)
  if (!row) return false
  const { desk, conversation } = opened
  const holder = sessions.byConversation(desk, conversation.id)?.session
  const another = holder && holder.client.uuid !== row.session.client.uuid
  if (another && holder.state !== 'ended') return false
  sessions.pointConversation(desk, conversation.id, id)
  sessions.save(open(row, opened))
  return true
}

/** What was heard early is newer than the answer to the opening; a session ended meanwhile stays ended. */
function open({ session, early }: SessionRow, { desk, conversation, state, agent }: Opened): SessionRow {
  const bound = { ...session, desk, conversation }
  if (session.state === 'ended') return { session: bound, early: {} }
  const told: SessionChange = early.state === 'assigned' ? early : { agent: early.agent }
  return { session: withChange(withChange(bound, { state, agent }), told), early: {} }
}
