import { MediatorError } from '../domain/errors.ts'
import type { DeadLetter, Entry } from '../domain/mailbox.ts'
import type { Attachment } from '../domain/message.ts'
import type { Clock } from '../lib/clock.ts'
import type { DeadLetterQuery, Store } from '../store/store.ts'
import type { Answer } from './answer.ts'

/** How long a dead letter is kept, in ms. */
export const DEAD_LETTER_TTL_MS = 30 * 86_400_000

/** What was given up, newest first, without anyone's words. */
export async function listDeadLetters(store: Store, clock: Clock, query: DeadLetterQuery): Promise<Answer> {
  const since = Math.max(query.since ?? 0, clock.now() - DEAD_LETTER_TTL_MS)
  const found = await store.deadLetters({ ...query, since, limit: query.limit + 1 })
  const listed = found.slice(0, query.limit)
  const count = listed.length === 1 ? '1 dead letter' : `${listed.length} dead letters`
  const next = found[query.limit]
  const dead_letters = listed.map(viewOf)
  if (!next) return { word: 'success', msg: count, extra: { dead_letters } }
  return { word: 'success', msg: `${count}; ${waysOn(listed, next)}`, extra: { dead_letters, more: true } }
}

/** The next list begins with the first that is left out, unless all that were listed died in the same moment. */
function waysOn(listed: DeadLetter[], next: DeadLetter): string {
  const others = 'narrow the list by desk, direction, userid or conversation'
  if (listed[0]?.at === next.at) return `there are more, of the same moment: raise limit, or ${others}`
  return `there are more: for the next ones ask with until=${toInstant(next.at)}`
}

/** One of them, with what can be told of it without anyone's words. Throws NOT_FOUND. */
export async function showDeadLetter(store: Store, clock: Clock, id: string): Promise<Answer> {
  const found = await store.findDeadLetter(id)
  if (!found || isTooOld(found.letter, clock)) throw unknownLetter()
  const dead_letter = { ...viewOf(found.letter), ...contentsOf(found.entry) }
  return { word: 'success', msg: found.letter.reason, extra: { dead_letter } }
}

/** Older than they are kept: whether its store has removed it yet or not, it is unknown. */
export function isTooOld({ at }: DeadLetter, clock: Clock): boolean {
  return at < clock.now() - DEAD_LETTER_TTL_MS
}

/** It may never have been, may be older than 30 days, or back in its mailbox after a replay. */
export function unknownLetter(): MediatorError {
  return new MediatorError('NOT_FOUND', 'there is no such dead letter; list those there are')
}

function viewOf({
  id,
  direction,
  desk,
  userid,
  reason,
  attempts,
  at,
  session,
  conversation,
}: DeadLetter): Record<string, unknown> {
  const given = { id, direction, desk, userid, reason, attempts, at: toInstant(at) }
  return { ...given, session, conversation }
}

const graphemes = new Intl.Segmenter()

function contentsOf(entry: Entry): Record<string, unknown> {
  const { text, attachments } = entry.kind === 'message' ? entry.message : { text: '', attachments: [] }
  return {
    kind: entry.kind,
    accepted_at: toInstant(entry.at),
    text_length: [...graphemes.segment(text)].length,
    attachments: attachments.map(({ contentType, size }: Attachment) => ({
      content_type: bareType(contentType),
      size: size ?? null,
    })),
  }
}

/** Its parameters may hold the name of the file: `image/jpeg; name=…`. */
function bareType(contentType: string): string {
  return /^\s*([\w.+-]{1,127}(?:\/[\w.+-]{1,127})?)\s*(?:;|$)/.exec(contentType)?.[1] ?? 'unknown'
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString()
}
