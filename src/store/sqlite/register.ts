import { randomBytes } from 'node:crypto'
import type { Entry } from '../../domain/mailbox.ts'
import type { Session, SessionRecord } from '../../domain/session.ts'
import type { Registration, StoreOptions } from '../store.ts'
import { append, takeTurn, toWork } from './mailbox-moves.ts'
import type { Tables } from './tables/index.ts'
import { createClaim } from './turns.ts'

type Draft = Omit<SessionRecord, 'id'>

/** See `Store.register`. */
export function createRegister(tables: Tables, options: StoreOptions) {
  const claim = createClaim(tables, options)
  return (draft: Draft, opening: Entry, now: number): Registration => {
    const session = tables.sessions.byClient(draft.client.uuid)?.session
    if (!session || session.state === 'ended') return create(tables, options, draft, opening, now)
    if (session.state !== 'opening') return { outcome: 'exists', session }
    const work = claim(session.id, 'to_agent', now)
    if (work) return { outcome: 'exists', session, work }
    const box = tables.mailboxes.load(session.id, 'to_agent')
    const retryAt = box?.until === 0 ? box.dueAt : null
    return { outcome: 'exists', session, ...(retryAt !== null && { retryAt }) }
  }
}

function create(
  tables: Tables,
  { leaseMs, sessionTtlMs }: StoreOptions,
  draft: Draft,
  opening: Entry,
  now: number,
): Registration {
  const session: Session = { ...draft, id: randomBytes(16).toString('base64url'), state: 'opening' }
  tables.sessions.insert(session, now + sessionTtlMs)
  tables.sessions.pointClient(session.client.uuid, session.id)
  tables.mailboxes.create(session.id, 'to_client')
  const box = tables.mailboxes.create(session.id, 'to_agent')
  append(tables, box, [opening])
  takeTurn(box, now + leaseMs)
  tables.mailboxes.save(box)
  return { outcome: 'created', work: toWork(session, box, opening) }
}
