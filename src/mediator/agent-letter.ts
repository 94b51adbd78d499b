import type { AgentEvent } from '../domain/agent-event.ts'
import type { Entry } from '../domain/mailbox.ts'
import type { Address, Letter } from '../store/store.ts'
import { entryIdOf, newEntryId } from './ids.ts'
import { say, type Words } from './texts.ts'

/** The event as something to accept, in words the client understands; undefined when there is nothing to do about it. */
export function letterFor(words: Words, to: Address, event: AgentEvent, now: number): Letter | undefined {
  const dedupe = dedupeOf(event)
  const letter: Letter = { to, direction: 'to_client', entries: [] }
  if (dedupe !== undefined) letter.dedupe = dedupe
  if (event.at !== undefined) letter.saidAt = event.at
  const id = dedupe ?? newEntryId()
  const notice = (text: string, agent?: string): Entry[] => noticeOf(id, now, say(text, agent))
  switch (event.type) {
    case 'typing':
    case 'history':
    case 'agent-left':
      return undefined
    case 'queued':
      return { ...letter, change: { state: 'queued' }, entries: notice(words.queued) }
    case 'assigned':
      return { ...letter, change: assignedTo(event.agent), entries: notice(words.joined, event.agent) }
    case 'transferred':
      return {
        ...letter,
        change: transferredTo(event.agent),
        entries: notice(words.transferred, event.agent),
      }
    case 'message':
      return {
        ...letter,
        ...(event.automatic ? {} : { change: assignedTo(event.agent) }),
        entries: [{ id, at: now, kind: 'message', message: event.message }],
      }
    case 'closed':
      return closing(letter, event, notice(words.ended), id, now)
  }
}

/** By which a repeat of the event is known; none where the desk gives it no id. */
export function dedupeOf({ type, id }: AgentEvent): string | undefined {
  return id === undefined ? undefined : entryIdOf(`${type}/${id}`)
}

function closing(
  letter: Letter,
  event: Extract<AgentEvent, { type: 'closed' }>,
  notice: Entry[],
  id: string,
  now: number,
): Letter {
  const handBack: Entry = { id: notice.length ? `${id}~end` : id, at: now, kind: 'end', reason: event.reason }
  return {
    ...letter,
    ending: { at: now, reason: event.reason, deskAt: event.at ?? now },
    entries: [...notice, handBack],
  }
}

function noticeOf(id: string, at: number, text: string): Entry[] {
  return text ? [{ id, at, kind: 'notice', text }] : []
}

function assignedTo(agent: string | undefined): NonNullable<Letter['change']> {
  return { state: 'assigned', ...(agent === undefined ? {} : { agent }) }
}

/** Without an agent it waits in another department's queue. */
function transferredTo(agent: string | undefined): NonNullable<Letter['change']> {
  return agent === undefined ? { state: 'queued' } : { state: 'assigned', agent }
}
