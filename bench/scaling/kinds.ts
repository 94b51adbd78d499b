import { Redis } from 'ioredis'
import type { Direction, Entry } from '../../src/domain/mailbox.ts'
import type { Session } from '../../src/domain/session.ts'
import { newEntryId } from '../../src/mediator/ids.ts'
import { openRedisStore } from '../../src/store/redis/index.ts'
import type { Outcome, Store, StoreOptions, Work } from '../../src/store/store.ts'
import { type Pattern, readPattern } from './pattern.ts'

const DAY_MS = 86_400_000

/** As the service sets it up by default, but for the asking about silent conversations, which is not to come in between. */
export const STORE_OPTIONS: StoreOptions = {
  leaseMs: 15_000,
  sessionTtlMs: 7 * DAY_MS,
  deadLetterTtlMs: 30 * DAY_MS,
  silentMs: 7 * DAY_MS,
}

/** Messages each way that a `talked` session has delivered, and to the agent that wait in a `waiting` one. */
export const SAID = 4
export const WAITING = 10
const TEXT =
  'Good morning, I would like to know when the clinic is open and what I have to bring. Thank you'.padEnd(
    100,
    '.',
  )

/** What a session may be like; each is made by the store itself. */
const MAKERS = {
  opened: open,
  talked: talk,
  waiting: wait,
  ended: end,
  dead: die,
} satisfies Record<string, Maker>

export type Kind = keyof typeof MAKERS
export const KINDS = Object.keys(MAKERS) as Kind[]

type Maker = (hand: Hand) => Promise<unknown>
/** The store, and the session it is made for. */
type Hand = { store: Store; sample: Session; now: number }

/** `sample` is a session of the real service: what stands in it is what stands in the copies. `url`: a Redis to be emptied. */
export async function makePattern(url: string, kind: Kind, sample: Session): Promise<Pattern> {
  const redis = new Redis(url)
  const store = await openRedisStore(url, STORE_OPTIONS)
  try {
    await redis.flushall()
    await MAKERS[kind]({ store, sample, now: Date.now() })
    const found = await store.findByClient(sample.client.uuid)
    if (!found) throw new Error(`the store has not kept the session that was ${kind}`)
    const identity = { userid: sample.client.uuid, conversation: conversationOf(sample).id }
    return await readPattern(redis, { session: found.session.id, ...identity })
  } finally {
    await store.close()
    redis.disconnect()
  }
}

function conversationOf({ conversation }: Session) {
  if (!conversation) throw new Error('the sample has no conversation yet')
  return conversation
}

async function open({ store, sample, now }: Hand): Promise<void> {
  const { bot, client, department, openedAt, gate, desk = '', agent } = sample
  const opening: Entry = {
    id: 'open',
    at: now,
    kind: 'open',
    opening: { desks: [desk], results: {}, promised: true },
  }
  const made = await store.register({ bot, client, department, openedAt, gate }, opening, now)
  const outcome: Outcome = {
    kind: 'opened',
    desk,
    conversation: conversationOf(sample),
    state: 'assigned',
    agent: agent ?? 'Ana',
  }
  await store.settle(taken(made).turn, opening, outcome, now)
}

async function talk(hand: Hand): Promise<void> {
  await open(hand)
  for (let i = 0; i < SAID; i++) {
    await deliver(hand, 'to_agent')
    await deliver(hand, 'to_client')
  }
}

async function wait(hand: Hand): Promise<void> {
  await talk(hand)
  for (let i = 0; i < WAITING; i++) await say(hand, 'to_agent')
}

async function end(hand: Hand): Promise<void> {
  await talk(hand)
  const entry: Entry = { id: 'closed', at: hand.now, kind: 'end', reason: 'agent' }
  const ending = { at: hand.now, reason: 'agent' as const, deskAt: hand.now }
  const letter = { dedupe: entry.id, entries: [entry], ending }
  const accepted = await hand.store.accept({ to: client(hand), direction: 'to_client', ...letter }, hand.now)
  await hand.store.settle(taken(accepted).turn, entry, { kind: 'removed' }, hand.now)
}

async function die(hand: Hand): Promise<void> {
  await talk(hand)
  await deliver(hand, 'to_agent', { kind: 'removed', dead: 'the desk refused it (403)' })
}

async function deliver(hand: Hand, direction: Direction, outcome: Outcome = { kind: 'removed' }) {
  const work = taken(await say(hand, direction))
  await hand.store.settle(work.turn, work.head, outcome, hand.now)
}

function say(hand: Hand, direction: Direction) {
  const id = newEntryId()
  const message = { text: TEXT, attachments: [] }
  const letter = { dedupe: id, entries: [{ id, at: hand.now, kind: 'message' as const, message }] }
  return hand.store.accept({ to: client(hand), direction, ...letter }, hand.now)
}

const client = ({ sample }: Hand) => ({ by: 'client' as const, userid: sample.client.uuid })

function taken(made: { outcome: string; work?: Work }): Work {
  if (!made.work) throw new Error(`the store gave no work: ${made.outcome}`)
  return made.work
}
