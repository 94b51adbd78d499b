import { type AgentEvent, isAbout } from '../domain/agent-event.ts'
import { MediatorError } from '../domain/errors.ts'
import { isClosedThere, missingFrom, type Session } from '../domain/session.ts'
import type { Clock } from '../lib/clock.ts'
import type { Reading } from '../store/link-store.ts'
import type { Address, Letter, Store } from '../store/store.ts'
import { letterFor } from './agent-letter.ts'
import { type Answer, DESK_BUDGET_MS } from './answer.ts'
import { type MakeGoodKit, makeGood } from './make-good.ts'
import { type Texts, type Words, wordsFor } from './texts.ts'

export type ReceiveKit = MakeGoodKit & { clock: Clock }

/*
 * agent ──► client: where all desks meet, whether they call us or we read from them. After this nobody knows which desk it
 * was, nor through which door it came.
 */

/** An event a desk posted. */
export async function receiveFromAgent(
  kit: ReceiveKit,
  desk: string,
  event: AgentEvent,
  budgetMs: number = DESK_BUDGET_MS,
): Promise<Answer> {
  const { pipeline, store, clock, texts } = kit
  if (event.type === 'history') return recall(kit, desk, event)
  const to = await addressOf(store, desk, event)
  if (!to) return ignored('this client has no conversation at this desk')
  const letter = letterFor(await wordsOf(store, texts, to, event), to, event, clock.now())
  if (!letter) return ignored('of no concern to the client')
  const { acceptance, report } = await pipeline.post(letter, budgetMs)
  if (acceptance.outcome === 'no-session') return ignored('there is no session with this conversation')
  if (acceptance.outcome === 'ended') {
    await closeWhatIsOpen({ store, clock }, acceptance.session, desk, event)
    return ignored('this conversation has ended')
  }
  if (acceptance.outcome === 'repeat') return ignored('this came before')
  if (acceptance.outcome === 'opening') throw stillOpening()
  return { word: 'success', msg: report.kind === 'done' ? 'delivered' : 'kept for delivery' }
}

/**
 * An event read through a link, with how far its conversation was read. Resolves when both are durable, before the client
 * has it. Throws FENCED.
 */
export async function readFromAgent(
  { pipeline, store, clock, texts }: ReceiveKit,
  desk: string,
  session: Session,
  event: AgentEvent | undefined,
  reading: Reading,
): Promise<void> {
  if (event && !isAbout(session, desk, event))
    throw new MediatorError('UNEXPECTED', `the desk ${desk} read an event into another client's session`)
  const to: Address = { by: 'session', session: session.id }
  const cursorOnly: Letter = { to, direction: 'to_client', entries: [], reading }
  const words = wordsFor(texts, session.language)
  const letter = event ? letterFor(words, to, event, clock.now()) : undefined
  const acceptance = letter
    ? (await pipeline.post({ ...letter, reading }, 0)).acceptance
    : await store.accept(cursorOnly, clock.now())
  if (acceptance.outcome === 'fenced')
    throw new MediatorError('FENCED', 'another replica reads this conversation now')
  if (event && acceptance.outcome === 'ended')
    await closeWhatIsOpen({ store, clock }, acceptance.session, desk, event)
}

/** What is missing of what the desk tells once more. */
async function recall(
  kit: ReceiveKit,
  desk: string,
  { conversation, client, at, said }: Extract<AgentEvent, { type: 'history' }>,
): Promise<Answer> {
  const session = await kit.store.findByConversation(desk, conversation)
  if (!session?.conversation) await waitForOpening(kit.store, client)
  if (!session || (await isOfAnother(kit.store, session, client)))
    return ignored('there is no session with this conversation')
  const now = kit.clock.now()
  // Told from the past it is late, or its clock is slow: nothing older than the session may come of that.
  const aheadMs = Math.max((at ?? now) - now, 0)
  const ours = said.flatMap(event => (event.at === undefined ? [] : { ...event, at: event.at - aheadMs }))
  const since = missingFrom(session, now)
  await makeGood(
    kit,
    session,
    ours.filter(event => event.at >= since),
    now,
  )
  return ignored('nothing new to the client')
}

/** What is told while the conversation is being bound must come again, like the end it is told with. */
async function waitForOpening(store: Store, client: string | undefined): Promise<void> {
  const found = client === undefined ? undefined : await store.findByClient(client)
  if (found?.session.state === 'opening') throw stillOpening()
}

function stillOpening(): MediatorError {
  return new MediatorError('STILL_OPENING', 'the conversation is just being opened: send this again')
}

/** A desk may use a conversation's id again, and may know a client by a name that none of ours has. */
async function isOfAnother(store: Store, { client }: Session, named: string | undefined): Promise<boolean> {
  if (named === undefined || named === client.uuid) return false
  return (await store.findByClient(named)) !== undefined
}

/** So long after an end its last words may still be on their way, in ms. */
const LAST_WORDS_MS = 10_000

/**
 * An agent who writes long after the end sees an open conversation that nobody is in. Only one of ours is closed: the desk may
 * tell of those of others, too.
 */
async function closeWhatIsOpen(
  { store, clock }: Pick<ReceiveKit, 'store' | 'clock'>,
  session: Session,
  desk: string,
  event: AgentEvent,
): Promise<void> {
  const now = clock.now()
  const isAgents = event.type === 'message' && !event.automatic
  const { ending } = session
  const isLate = ending !== undefined && !isClosedThere(ending) && ending.at <= now - LAST_WORDS_MS
  if (isAgents && isLate && isAbout(session, desk, event)) await store.closeAgain(session, now)
}

/** The session is looked up only where its language can matter. */
async function wordsOf(store: Store, texts: Texts, to: Address, { type }: AgentEvent): Promise<Words> {
  const isSaid = type !== 'message' && Object.keys(texts.languages).length > 0
  return isSaid ? wordsFor(texts, (await findAddressee(store, to))?.language) : texts
}

async function findAddressee(store: Store, to: Address): Promise<Session | undefined> {
  if (to.by === 'session') return store.findById(to.session)
  const bound =
    to.by === 'conversation' ? await store.findByConversation(to.desk, to.conversation) : undefined
  const userid = to.by === 'conversation' ? to.client : to.userid
  if (bound || userid === undefined) return bound
  return (await store.findByClient(userid))?.session
}

function ignored(msg: string): Answer {
  return { word: 'ignored', msg }
}

/** A desk that names no conversation (the original API's shortest body) means the client's present one, if it is with it. */
async function addressOf(
  store: Store,
  desk: string,
  { conversation, client }: AgentEvent,
): Promise<Address | undefined> {
  const hint = client === undefined ? {} : { client }
  if (conversation !== '' || client === undefined) return { by: 'conversation', desk, conversation, ...hint }
  const found = (await store.findByClient(client))?.session
  const isElsewhere = found?.desk !== undefined && found.desk !== desk
  return isElsewhere ? undefined : { by: 'client', userid: client }
}
