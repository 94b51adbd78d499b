import type { Session } from '../../domain/session.ts'
import type { Letter } from '../store.ts'
import type { Tables } from './tables/index.ts'

/** Whether it was read under a lease when a later one follows the session already. */
export function isFenced({ readings }: Tables, session: string, { reading }: Letter): boolean {
  return reading !== undefined && reading.fence < readings.load(session).fence
}

export function keepReading({ readings }: Tables, session: string, { reading }: Letter): void {
  if (reading) readings.save(session, reading)
}

/** See `LinkStore.followSession`. */
export function createFollow({ sessions, readings }: Tables) {
  return (id: string, fence: number): { session: Session; cursor?: string } | undefined => {
    const session = sessions.byId(id)?.session
    if (!session?.conversation || session.state === 'ended') return undefined
    const { fence: last, ...read } = readings.load(id)
    if (fence < last) return undefined
    readings.save(id, { fence })
    return { session, ...read }
  }
}
