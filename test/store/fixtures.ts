import { expect } from 'vitest'
import type { Entry } from '../../src/domain/mailbox.ts'
import type { Session, SessionRecord } from '../../src/domain/session.ts'
import type { Reading } from '../../src/store/link-store.ts'
import type {
  Acceptance,
  Letter,
  Outcome,
  Settlement,
  Store,
  StoreOptions,
  Work,
} from '../../src/store/store.ts'

/** A session idles sooner than an ended one is forgotten, so that the two times cannot be mistaken for each other. */
export const OPTIONS: StoreOptions = {
  leaseMs: 30_000,
  sessionTtlMs: 3_600_000,
  silentMs: 90 * 24 * 3_600_000,
  deadLetterTtlMs: 7 * 24 * 3_600_000,
}

export const T0 = Date.UTC(2026, 0, 5, 12)
export const DAY = 24 * 3_600_000

export type OpenedStore = {
  store: Store
  cleanup(): Promise<void>
  /** What a new process finds when the one that had the store is gone at once, without closing anything. */
  crash(): Promise<Store>
}

/** The store of the running test. */
export type Subject = { readonly store: Store }

export function draft(userid: string): Omit<SessionRecord, 'id'> {
  return {
    bot: 'bot',
    client: { uuid: userid, name: 'Rosa Peña' },
    department: 'GTM_HIV',
    openedAt: T0,
    gate: { open: true, dayType: 'workingday', dayName: 'monday', at: T0 },
  }
}

export const opening: Entry = {
  kind: 'open',
  id: 'open',
  at: T0,
  opening: { desks: ['desk'], results: { reason: 'fever' }, promised: true },
}

export function say(id: string): Entry {
  return { kind: 'message', id, at: T0, message: { text: `“${id}” ¿qué?\n\0`, attachments: [] } }
}

export function notice(id: string): Entry {
  return { kind: 'notice', id, at: T0, text: 'not delivered yet' }
}

export function handBack(id: string): Entry {
  return { kind: 'end', id, at: T0, reason: 'gone' }
}

/** A client's message to the agent. */
export function toAgent(userid: string, id: string, more: Partial<Letter> = {}): Letter {
  const to = { by: 'client', userid } as const
  return { to, direction: 'to_agent', dedupe: id, entries: [say(id)], ...more }
}

/** Something a desk says about its conversation. */
export function fromDesk(conversation: string, id: string, more: Partial<Letter> = {}): Letter {
  const to = { by: 'conversation', desk: 'desk', conversation } as const
  return { to, direction: 'to_client', dedupe: id, entries: [say(id)], ...more }
}

/** Something a link has read. */
export function fromLink(
  { id: session }: Session,
  id: string,
  reading: Reading,
  more: Partial<Letter> = {},
): Letter {
  const to = { by: 'session', session } as const
  return { to, direction: 'to_client', dedupe: id, entries: [say(id)], reading, ...more }
}

/** What the bot (by client) or the desk's closing (by session) does: ends the session, with nothing to deliver. */
export function end(session: Session, at: number, deskAt?: number): Letter {
  const ending = { at, reason: 'agent', ...(deskAt !== undefined && { deskAt }) } as const
  return { to: { by: 'session', session: session.id }, direction: 'to_client', entries: [], ending }
}

export const removed: Outcome = { kind: 'removed' }

export function opened(
  conversation: string,
  more: Partial<Extract<Outcome, { kind: 'opened' }>> = {},
): Outcome {
  return {
    kind: 'opened',
    desk: 'desk',
    conversation: { id: conversation, state: { room: [1, null] } },
    state: 'queued',
    ...more,
  }
}

export function retry(at: number, more: Partial<Extract<Outcome, { kind: 'retry' }>> = {}): Outcome {
  return { kind: 'retry', at, counts: true, ...more }
}

/** Registers a new client and gives the opening to do. */
export async function register(store: Store, userid: string, now = T0): Promise<Work> {
  const registration = await store.register(draft(userid), opening, now)
  if (registration.outcome !== 'created') throw new Error(`${userid} is registered already`)
  return registration.work
}

/** Registers a new client and opens the conversation. */
export async function open(store: Store, userid: string, conversation: string, now = T0): Promise<Session> {
  const work = await register(store, userid, now)
  expect(await settle(store, work, opened(conversation), now)).toEqual({ outcome: 'settled' })
  return (await store.findById(work.session.id)) as Session
}

export function settle(store: Store, work: Work, outcome: Outcome, now = T0): Promise<Settlement> {
  return store.settle(work.turn, work.head, outcome, now)
}

/** Accepts a letter that finds its mailbox empty, and gives the work. */
export async function acceptWork(store: Store, letter: Letter, now = T0): Promise<Work> {
  return workOf(await store.accept(letter, now))
}

/** The work that came with an answer, which must have some. */
export function workOf(answer: Acceptance | Settlement): Work {
  const work = 'work' in answer ? answer.work : 'next' in answer ? answer.next : undefined
  if (!work) throw new Error(`no work in ${JSON.stringify(answer)}`)
  return work
}

/** Takes and removes everything in the mailboxes of the session, and gives the ids in the order they came. */
export async function drain(store: Store, session: string, direction: 'to_agent' | 'to_client', now: number) {
  const ids: string[] = []
  let work = await store.claim(session, direction, now)
  while (work) {
    ids.push(work.head.id)
    const settlement = await settle(store, work, removed, now)
    work = settlement.outcome === 'settled' ? settlement.next : undefined
  }
  return ids
}
