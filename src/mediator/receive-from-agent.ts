import type { AgentEvent } from '../domain/agent-event.ts'
import { MediatorError } from '../domain/errors.ts'
import type { Entry } from '../domain/mailbox.ts'
import type { Clock } from '../lib/clock.ts'
import type { Address, Letter } from '../store/store.ts'
import { type Answer, DESK_BUDGET_MS } from './answer.ts'
import { entryIdOf, newEntryId } from './ids.ts'
import type { Pipeline } from './pipeline.ts'
import { say, type Texts } from './texts.ts'

export type ReceiveKit = { pipeline: Pipeline; clock: Clock; texts: Texts }

/** agent ──► client: where all desks meet. After this nobody knows which desk it was, nor through which door it came. */
export async function receiveFromAgent(
  kit: ReceiveKit,
  desk: string,
  event: AgentEvent,
  budgetMs: number = DESK_BUDGET_MS,
): Promise<Answer> {
  const letter = letterFor(kit, desk, event)
  if (!letter) return ignored('of no concern to the client')
  const { acceptance, report } = await kit.pipeline.post(letter, budgetMs)
  if (acceptance.outcome === 'no-session') return ignored('there is no session with this conversation')
  if (acceptance.outcome === 'ended') return ignored('this conversation has ended')
  if (acceptance.outcome === 'repeat') return ignored('this came before')
  if (acceptance.outcome === 'opening')
    throw new MediatorError('STILL_OPENING', 'the conversation is just being opened: send this again')
  return { word: 'success', msg: report.kind === 'done' ? 'delivered' : 'kept for delivery' }
}

function ignored(msg: string): Answer {
  return { word: 'ignored', msg }
}

/** The event as something to accept; undefined when there is nothing to do about it. */
function letterFor({ clock, texts }: ReceiveKit, desk: string, event: AgentEvent): Letter | undefined {
  const now = clock.now()
  const dedupe = event.id === undefined ? undefined : entryIdOf(`${event.type}/${event.id}`)
  const letter: Letter = { to: addressOf(desk, event), direction: 'to_client', entries: [] }
  if (dedupe !== undefined) letter.dedupe = dedupe
  if (event.at !== undefined) letter.saidAt = event.at
  const id = dedupe ?? newEntryId()
  const notice = (text: string, agent?: string): Entry[] => noticeOf(id, now, say(text, agent))
  switch (event.type) {
    case 'typing':
    case 'agent-left':
      return undefined
    case 'queued':
      return { ...letter, change: { state: 'queued' }, entries: notice(texts.queued) }
    case 'assigned':
      return { ...letter, change: assignedTo(event.agent), entries: notice(texts.joined, event.agent) }
    case 'transferred':
      return {
        ...letter,
        change: transferredTo(event.agent),
        entries: notice(texts.transferred, event.agent),
      }
    case 'message':
      return {
        ...letter,
        change: assignedTo(event.agent),
        entries: [{ id, at: now, kind: 'message', message: event.message }],
      }
    case 'closed':
      return closing(letter, event, notice(texts.ended), id, now)
  }
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

/** A desk that names no conversation (the original API's shortest body) means the client's present one. */
function addressOf(desk: string, event: AgentEvent): Address {
  if (event.conversation === '' && event.client !== undefined) return { by: 'client', userid: event.client }
  const hint = event.client === undefined ? {} : { client: event.client }
  return { by: 'conversation', desk, conversation: event.conversation, ...hint }
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
