import type { Logger } from 'pino'
import { type AgentEvent, isAbout } from '../domain/agent-event.ts'
import type { Session } from '../domain/session.ts'
import type { Letter, Store } from '../store/store.ts'
import { dedupeOf, letterFor } from './agent-letter.ts'
import type { Pipeline } from './pipeline.ts'
import { type Texts, wordsFor } from './texts.ts'

export type MakeGoodKit = { pipeline: Pipeline; store: Store; texts: Texts; log: Logger }

/**
 * Passes on, oldest first, what the desk tells of a conversation and did not come by the desk's own door. What did come is known
 * by its id; what has no id is left out. Rejects with STORE_UNAVAILABLE: then the same must be told again.
 */
export async function makeGood(
  kit: MakeGoodKit,
  session: Session,
  told: AgentEvent[],
  now: number,
): Promise<void> {
  for (const event of await findMissing(kit, session, told)) {
    const letter = toLetter(kit, session, event, now)
    await post(kit, session, event.type === 'message' ? stateless(letter) : letter)
  }
}

async function findMissing(
  { store, log }: MakeGoodKit,
  session: Session,
  told: AgentEvent[],
): Promise<AgentEvent[]> {
  const { id, desk = '' } = session
  const ours = told.filter(event => isAbout(session, desk, event))
  if (ours.length < told.length) log.error({ session: id, desk }, 'the desk told of another conversation')
  const ids = ours.flatMap(event => dedupeOf(event) ?? [])
  const unheard = new Set(await store.unheard(id, 'to_client', ids))
  return ours.filter(event => unheard.has(dedupeOf(event) ?? ''))
}

/** The event as something to accept for this very session. */
export function toLetter(
  { texts }: Pick<MakeGoodKit, 'texts'>,
  { id, language }: Session,
  event: AgentEvent,
  now: number,
): Letter | undefined {
  return letterFor(wordsFor(texts, language), { by: 'session', session: id }, event, now)
}

/** Old words say nothing of who has the conversation now. */
function stateless(letter: Letter | undefined): Letter | undefined {
  if (!letter) return undefined
  const { change: _, ...rest } = letter
  return rest
}

export async function post(
  { pipeline, log }: MakeGoodKit,
  { id, desk }: Session,
  letter: Letter | undefined,
): Promise<void> {
  if (!letter) return
  const { acceptance } = await pipeline.post(letter, 0)
  if (acceptance.outcome === 'accepted') log.info({ session: id, desk }, 'made good what the desk never told')
}
