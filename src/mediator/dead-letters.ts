import { MediatorError } from '../domain/errors.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'
import type { Answer } from './answer.ts'

const MOST_SHOWN = 500

/** What was given up, newest first, without anyone's words. */
export async function listDeadLetters(store: Store): Promise<Answer> {
  const found = await store.deadLetters({ limit: MOST_SHOWN })
  const dead_letters = found.map(letter => ({ ...letter, at: new Date(letter.at).toISOString() }))
  return { word: 'success', msg: `${found.length} dead letters`, extra: { dead_letters } }
}

/** Puts one back in line. A second time it is left as it is, so that it is delivered once. */
export async function replayDeadLetter(store: Store, clock: Clock, id: string): Promise<Answer> {
  switch (await store.replay(id, clock.now())) {
    case 'replayed':
      return { word: 'success', msg: 'back in line for delivery' }
    case 'already-replayed':
      return { word: 'success', msg: 'this was replayed before; nothing was done' }
    case 'session-ended':
      throw new MediatorError(
        'SESSION_CLOSED',
        'its conversation has ended: there is nobody to deliver it to',
      )
    case 'unknown':
      throw new MediatorError('NOT_FOUND', 'there is no such dead letter')
  }
}
