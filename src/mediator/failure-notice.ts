import type { Entry } from '../domain/mailbox.ts'
import type { Work } from '../store/store.ts'
import { messageOf } from './ids.ts'
import { type Texts, wordsFor } from './texts.ts'

type What = 'delayed' | 'failed'

/**
 * Words to the human who wrote what is at the head, for the opposite mailbox; the same id whenever the same is told. Of an
 * opening or of our own words it is told that they delay what is behind them. Undefined where nobody has to be told.
 */
export function noticeOf(
  { head, turn, session }: Pick<Work, 'head' | 'turn' | 'session'>,
  texts: Texts,
  what: What,
  now: number,
): Entry | undefined {
  if (!concerns(head, what)) return undefined
  const writer = turn.direction === 'to_agent' ? 'client' : 'agent'
  const text = wordsFor(texts, session.language)[`${writer}_${what}`].trim()
  return text === '' ? undefined : { id: noticeId(head.id, what), at: now, kind: 'notice', text }
}

/** The pieces of a message are one message to who wrote it. */
function noticeId(head: string, what: What): string {
  return `${messageOf(head)}~${what}`
}

function concerns({ kind, id }: Entry, what: What): boolean {
  if (kind === 'message' || kind === 'open') return true
  // Two notices that delay each other must not go on for ever.
  return kind === 'notice' && what === 'delayed' && !id.endsWith('~delayed~delayed')
}
