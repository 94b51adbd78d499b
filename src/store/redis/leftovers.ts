import type { Entry } from '../../domain/mailbox.ts'
import type { Session } from '../../domain/session.ts'
import { encodeEntry, encodeRecord } from './codec.ts'
import type { Connection } from './connection.ts'
import { newSessionId, shardOfSession } from './keys.ts'
import { findById } from './queries.ts'

/** The arguments of `leave_behind` (lua/prelude.lua), for each desk that may have carried out the session's opening. */
export async function leftBehind(
  c: Connection,
  session: string,
  desks: string[] = [],
  now: number,
): Promise<string[]> {
  const found = desks.length > 0 ? await findById(c, session) : undefined
  return found ? desks.flatMap(desk => toArguments(found, desk, now)) : []
}

function toArguments(session: Session, desk: string, now: number): string[] {
  const { bot, client, department, openedAt, gate } = session
  const id = newSessionId(client.uuid)
  const undo: Entry = { id: 'undo', at: now, kind: 'undo', desk, of: session.id }
  return [desk, id, ...encodeRecord({ id, bot, client, department, openedAt, gate }), encodeEntry(undo)]
}

/** See `Store.closeAgain`. */
export async function closeAgain(c: Connection, session: Session, now: number): Promise<void> {
  const { id, desk, conversation } = session
  if (desk === undefined || conversation === undefined) return
  const state = JSON.stringify(conversation.state)
  const due = c.keys.due(shardOfSession(id))
  await c.scripts['close-again'](due, now, id, conversation.id, state, ...toArguments(session, desk, now))
}
