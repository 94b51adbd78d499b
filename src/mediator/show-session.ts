import { MediatorError } from '../domain/errors.ts'
import type { Store } from '../store/store.ts'
import type { Answer } from './answer.ts'

/** A client's session as operators see it: no names, no words. Throws NO_SESSION. */
export async function showSession(store: Store, userid: string): Promise<Answer> {
  const found = await store.findByClient(userid)
  if (!found) throw new MediatorError('NO_SESSION', 'this client has no session')
  const { session, waiting } = found
  const view = {
    id: session.id,
    state: session.state,
    desk: session.desk ?? null,
    conversation: session.conversation?.id ?? null,
    department: session.department,
    opened_at: new Date(session.openedAt).toISOString(),
    agent: session.agent ?? null,
    waiting,
    ended: session.ending?.reason ?? null,
  }
  return { word: 'success', msg: 'success', extra: { session: view } }
}
