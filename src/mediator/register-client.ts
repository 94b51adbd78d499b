import { MediatorError } from '../domain/errors.ts'
import type { Entry } from '../domain/mailbox.ts'
import type { Client, Session, SessionRecord } from '../domain/session.ts'
import type { Clock } from '../lib/clock.ts'
import type { Registration, Store } from '../store/store.ts'
import { type Answer, BOT_BUDGET_MS } from './answer.ts'
import type { DayGate } from './day-gate.ts'
import { CLOSING_ID } from './end-session.ts'
import type { Pipeline } from './pipeline.ts'
import type { Router } from './routing.ts'
import { pickLanguage, type Texts } from './texts.ts'

export type RegisterKit = {
  store: Store
  pipeline: Pipeline
  route: Router
  gate: DayGate
  texts: Texts
  clock: Clock
  bot: string
}

export type RegisterRequest = {
  client: Client
  department: string
  results: Record<string, string>
  conversation?: string
  /** What the client speaks, as the bot says it. */
  language?: string
  simulation: boolean
}

/** A little longer than the desks get, so that their refusal is heard. */
const BUDGET_MS = BOT_BUDGET_MS + 700

/** So long a registration is held up by the end of the client's last session. */
const LEAVING_MS = 3_000

/** A session has one opening, so it needs no id of its own. */
const OPENING = 'open'

/** hours → department → session and conversation. A client who is registered already keeps the session there is. */
export async function registerClient(kit: RegisterKit, request: RegisterRequest): Promise<Answer> {
  const now = kit.clock.now()
  const { client, department, results, conversation } = request
  const route = kit.route(department)
  const passed = await passGate(kit, client, () => kit.gate.pass(department, route))
  if ('session' in passed) return registered(passed.session)
  if (request.simulation) return { word: 'success', msg: 'simulated: no conversation was opened' }
  await awaitClosing(kit, client)
  const desks = [route.desk, ...route.fallback]
  const existing = conversation === undefined ? {} : { conversation }
  const opening = { desks, results, promised: false, ...existing }
  const entry: Entry = { id: OPENING, at: now, kind: 'open', opening }
  const language = pickLanguage(kit.texts, request.language, route.language)
  const spoken = language === undefined ? {} : { language }
  const draft = { bot: kit.bot, client, department, ...spoken, openedAt: now, gate: passed.gate }
  return answerTo(kit, await kit.store.register(draft, entry, now))
}

/**
 * Some desks give a client who comes back the conversation that is still open, and they would be thrown out of it by our closing
 * that is on its way. One that cannot be closed goes on in the new session.
 */
async function awaitClosing({ store, pipeline }: RegisterKit, { uuid }: Client): Promise<void> {
  const last = await store.findByClient(uuid)
  if (last?.session.ending?.reason !== 'bot' || last.waiting.to_agent === 0) return
  await pipeline.follow({ session: last.session.id, direction: 'to_agent' }, CLOSING_ID, LEAVING_MS)
}

/** The hours are no reason to refuse somebody who is in a conversation already. */
async function passGate(
  kit: RegisterKit,
  client: Client,
  pass: () => SessionRecord['gate'],
): Promise<{ gate: SessionRecord['gate'] } | { session: Session }> {
  try {
    return { gate: pass() }
  } catch (closed) {
    const found = await kit.store.findByClient(client.uuid)
    if (!found || !isOpen(found.session)) throw closed
    return { session: found.session }
  }
}

async function answerTo(kit: RegisterKit, registration: Registration): Promise<Answer> {
  const { work } = registration
  const session = registration.outcome === 'created' ? registration.work.session : registration.session
  if (isOpen(session)) return registered(session)
  if (registration.outcome === 'exists' && isPutOff(registration.retryAt, kit.clock.now())) return queued()
  const report = await kit.pipeline.follow(
    { session: session.id, direction: 'to_agent' },
    OPENING,
    BUDGET_MS,
    work,
  )
  if (report.kind === 'failed') throw report.error
  if (report.kind === 'done') return registered(report.session)
  // Put off until then: it is promised. Otherwise nobody knows yet, and it may still be dropped.
  if (report.at > kit.clock.now()) return queued()
  throw new MediatorError('TIMEOUT', 'the desk has not answered in time; register again')
}

function isOpen(session: Session): boolean {
  return session.state === 'queued' || session.state === 'assigned'
}

function isPutOff(retryAt: number | undefined, now: number): boolean {
  return retryAt !== undefined && retryAt > now + BUDGET_MS
}

function registered({ state, agent }: Session): Answer {
  const msg = state === 'assigned' ? 'an agent has the conversation' : 'the conversation waits for an agent'
  return { word: 'success', msg, extra: { state, ...(agent === undefined ? {} : { agent }) } }
}

function queued(): Answer {
  return {
    word: 'queued',
    msg: 'the conversation is opened as soon as the desk takes it',
    extra: { state: 'opening' },
  }
}
