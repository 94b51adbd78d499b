import type { Session } from '../domain/session.ts'
import type { Store } from '../store/store.ts'

/** Sessions of which is kept what was passed on; the one longest not looked at is given up first. */
const MOST_SESSIONS = 2_000

const kept = new WeakMap<Store, Map<string, Set<string>>>()

/**
 * The ids of what this process has already passed on to the store after looks at this session's desk. A desk tells the whole
 * history at each look: this spares the store, and the log, from hearing it again. Forgetting costs nothing but that.
 */
export function knownEvents(store: Store, { id }: Session): Set<string> {
  const sessions = kept.get(store) ?? new Map<string, Set<string>>()
  kept.set(store, sessions)
  const known = sessions.get(id) ?? new Set()
  sessions.delete(id)
  sessions.set(id, known)
  const [oldest] = sessions.keys()
  if (sessions.size > MOST_SESSIONS && oldest !== undefined) sessions.delete(oldest)
  return known
}
