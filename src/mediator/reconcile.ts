import type { Logger } from 'pino'
import type { Conversing, Standing } from '../desks/desk.ts'
import type { AgentEvent } from '../domain/agent-event.ts'
import { asMediatorError } from '../domain/errors.ts'
import { CLOSED_ANSWER_MS, type Session } from '../domain/session.ts'
import type { Clock } from '../lib/clock.ts'
import type { Letter, Store } from '../store/store.ts'
import { letterFor } from './agent-letter.ts'
import { knownEvents } from './known-events.ts'
import type { Pipeline } from './pipeline.ts'
import { isAbout } from './receive-from-agent.ts'
import type { Sides } from './sides.ts'
import { type Texts, wordsFor } from './texts.ts'

export type ReconcileKit = {
  pipeline: Pipeline
  sides: Sides
  clock: Clock
  log: Logger
  texts: Texts
  store: Store
}

/** For the desk's answer, in ms. */
const LOOK_MS = 7_000

/**
 * Asks the desk how a conversation stands of which nothing was heard for a while, and makes good what differs: words that
 * never came, an end, a state. A desk that cannot be asked, or gives no answer, changes nothing; the next look may.
 * Rejects with STORE_UNAVAILABLE only.
 */
export async function reconcile(kit: ReconcileKit, session: Session, now: number): Promise<void> {
  if (!isConversing(session)) return
  const standing = await ask(kit, session)
  if (!standing) return
  const meanwhile = await kit.store.findById(session.id)
  for (const event of standing.said ?? []) await passOn(kit, session, event, now)
  if (standing.state === 'closed') await post(kit, session, toLetter(kit, session, toGone(session, now), now))
  // What has changed while the desk was asked is newer than its answer.
  else if (meanwhile && isAlike(meanwhile, session)) await mend(kit, session, standing, now)
}

type Asked = Conversing & { desk: string }

function isConversing(session: Session): session is Asked {
  const { state, desk, conversation } = session
  return (state === 'queued' || state === 'assigned') && desk !== undefined && conversation !== undefined
}

async function ask({ sides, log }: ReconcileKit, session: Asked): Promise<Standing | undefined> {
  const { id, desk } = session
  try {
    const call = { signal: AbortSignal.timeout(LOOK_MS), log, attempt: 1, idle: true }
    return await sides.desk(desk).lookUp?.(session, call)
  } catch (thrown) {
    const { code, message: reason } = asMediatorError(thrown)
    if (code === 'CONVERSATION_GONE') return { state: 'closed' }
    log[code === 'THROTTLED' ? 'debug' : 'info']({ session: id, desk, code, reason }, 'could not look it up')
    return undefined
  }
}

/** As if the desk's own door had brought it; what did come that way is a repeat. */
async function passOn(kit: ReconcileKit, session: Asked, event: AgentEvent, now: number): Promise<void> {
  const known = knownEvents(kit.store, session)
  const key = event.id === undefined ? undefined : `${event.type}/${event.id}`
  if (key === undefined || known.has(key)) return
  if (!isAbout(session, session.desk, event))
    return kit.log.error({ session: session.id, desk: session.desk }, 'the desk told of another conversation')
  const letter = toLetter(kit, session, event, now)
  await post(kit, session, event.type === 'message' ? stateless(letter) : letter)
  known.add(key)
}

function toLetter(
  { texts }: ReconcileKit,
  session: Session,
  event: AgentEvent,
  now: number,
): Letter | undefined {
  return letterFor(wordsFor(texts, session.language), { by: 'session', session: session.id }, event, now)
}

/** Old words say nothing of who has the conversation now. */
function stateless(letter: Letter | undefined): Letter | undefined {
  if (!letter) return undefined
  const { change: _, ...rest } = letter
  return rest
}

async function post(
  { pipeline, log }: ReconcileKit,
  { id, desk }: Asked,
  letter: Letter | undefined,
): Promise<void> {
  if (!letter) return
  const { acceptance } = await pipeline.post(letter, 0)
  if (acceptance.outcome === 'accepted') log.info({ session: id, desk }, 'made good what the desk never told')
}

/** Ends what has not ended. What still comes of its agent was said before that: nobody can write there any more. */
function toGone({ conversation }: Asked, now: number): AgentEvent {
  const at = now + CLOSED_ANSWER_MS
  return { type: 'closed', reason: 'gone', conversation: conversation.id, id: 'gone', at }
}

function isAlike(one: Session, other: Session): boolean {
  return one.state === other.state && one.agent === other.agent
}

type Present = Exclude<Standing, { state: 'closed' }>

/** The state, where the events have not mended it. */
async function mend(kit: ReconcileKit, { id }: Asked, standing: Present, now: number): Promise<void> {
  const session = await kit.store.findById(id)
  if (!session || !isConversing(session)) return
  const { state, agent, said = [] } = standing
  const isNamed = agent === undefined || agent === session.agent
  if (state === session.state && (isNamed || state === 'queued')) return
  const event = { type: state, conversation: session.conversation.id, ...(agent !== undefined && { agent }) }
  const letter = toLetter(kit, session, event, now)
  // The client has been told by the event itself; or it is the same state, in another agent's name.
  const isTold = session.state === state || said.some(({ type }) => type === state)
  await post(kit, session, letter && isTold ? { ...letter, entries: [] } : letter)
}
