import type { Conversing, Standing } from '../desks/desk.ts'
import type { AgentEvent } from '../domain/agent-event.ts'
import { asMediatorError } from '../domain/errors.ts'
import { CLOSED_ANSWER_MS, type Session } from '../domain/session.ts'
import { type MakeGoodKit, makeGood, post, toLetter } from './make-good.ts'
import type { Sides } from './sides.ts'

export type ReconcileKit = MakeGoodKit & { sides: Sides }

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
  const { state, said = [] } = standing
  await makeGood(kit, session, state === 'closed' ? [...said, toGone(session, now)] : said, now)
  // What has changed while the desk was asked is newer than its answer.
  if (state !== 'closed' && meanwhile && isAlike(meanwhile, session)) await mend(kit, session, standing, now)
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
