import type { Session } from '../../domain/session.ts'
import type { StoreOptions } from '../store.ts'
import type { Tables } from './tables/index.ts'

/** The desk of a live session is asked at `at`. */
export function lookLater({ sessions }: Tables, id: string, at: number): void {
  if (sessions.byId(id)?.session.state !== 'ended') sessions.setLook(id, at)
}

/** See `Store.claimLook`. */
export function createClaimLook({ sessions }: Tables, { sessionTtlMs, silentMs }: StoreOptions) {
  return (id: string, now: number): Session | undefined => {
    const session = sessions.byId(id)?.session
    const { dueAt, lookAt } = sessions.times(id)
    if (!session || session.state === 'ended' || lookAt === null || lookAt > now) return undefined
    const spokenUntil = dueAt - sessionTtlMs + silentMs
    const isSilent = spokenUntil <= now
    sessions.setLook(id, isSilent ? now + silentMs : spokenUntil)
    return isSilent ? session : undefined
  }
}
