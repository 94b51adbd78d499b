import type { Session } from '../../domain/session.ts'
import type { Tables } from './tables/index.ts'

/** Who the client is, and what the desk needs for the conversation, is kept no longer than something may be owed. */
export function scrubIfOver(tables: Tables, id: string): void {
  const { sessions, mailboxes, deadLetters } = tables
  const row = sessions.byId(id)
  if (row?.session.state !== 'ended') return
  const { to_agent, to_client } = mailboxes.waitingOf(id)
  if (to_agent + to_client === 0 && !deadLetters.areOwed(id))
    sessions.save({ ...row, session: scrubbed(row.session) })
}

function scrubbed({ client, conversation, ...session }: Session): Session {
  const nameless = { ...session, client: { uuid: client.uuid } }
  return conversation ? { ...nameless, conversation: { ...conversation, state: null } } : nameless
}
