import type { Direction, Entry, Turn } from '../../domain/mailbox.ts'
import type { Outcome, Settlement, Work } from '../store.ts'
import {
  decodeSession,
  decodeWork,
  encodeEnding,
  encodeEntry,
  encodeId,
  encodeName,
  letterOf,
  type TurnReply,
  type View,
} from './codec.ts'
import type { Connection } from './connection.ts'
import { describeDead } from './dead-letters.ts'
import { shardOfSession } from './keys.ts'
import { leftBehind } from './leftovers.ts'
import { findById } from './queries.ts'

type Argument = string | number
type Opened = Extract<Outcome, { kind: 'opened' }>
type SettleReply = [outcome: 'settled' | 'fenced' | 'wanted', view: View | null, turn: TurnReply | null]

const encoded = (entry: Entry | undefined): string => (entry ? encodeEntry(entry) : '')

export async function settle(
  c: Connection,
  turn: Turn,
  head: Entry,
  outcome: Outcome,
  now: number,
): Promise<Settlement> {
  if (outcome.kind === 'opened' && !(await bindHeld(c, turn, head, outcome)))
    return { outcome: 'conversation-taken' }
  const [result, view, next] = (await c.scripts.settle(
    c.keys.due(shardOfSession(turn.session)),
    now,
    turn.session,
    letterOf[turn.direction],
    turn.fence,
    outcome.kind,
    head.id,
    encodeId(head.id),
    ...(await parameters(c, turn, outcome, now)),
  )) as SettleReply
  if (result === 'fenced' || result === 'wanted') return { outcome: result }
  if (!view || !next) return { outcome: 'settled' }
  return { outcome: 'settled', next: decodeWork(decodeSession(turn.session, view), turn.direction, next) }
}

async function parameters(c: Connection, turn: Turn, outcome: Outcome, now: number): Promise<Argument[]> {
  switch (outcome.kind) {
    case 'removed':
      return removal(c, turn, outcome, now)
    case 'opened': {
      const { desk, conversation, state, agent, leftovers } = outcome
      const bound = [desk, conversation.id, JSON.stringify(conversation.state), state, encodeName(agent)]
      return [...bound, ...(await leftBehind(c, turn.session, leftovers, now))]
    }
    case 'expanded':
      return outcome.into.map(encodeEntry)
    case 'retry':
      return [
        outcome.at,
        outcome.counts ? 1 : 0,
        encoded(outcome.entry),
        encoded(outcome.tell),
        outcome.tell?.id ?? '',
      ]
    case 'abandoned': {
      const userid = (await findById(c, turn.session))?.client.uuid ?? ''
      return [userid, ...(await leftBehind(c, turn.session, outcome.leftovers, now))]
    }
  }
}

async function removal(
  c: Connection,
  turn: Turn,
  outcome: Extract<Outcome, { kind: 'removed' }>,
  now: number,
): Promise<Argument[]> {
  const { dead, tell, ending, handBack, givenUp, leftovers } = outcome
  if (!dead && !tell && !ending && !givenUp) return []
  const meta = dead ? await describeDead(c, turn, dead, now) : ''
  return [
    dead ?? '',
    meta,
    encoded(tell),
    tell?.id ?? '',
    encodeEnding(ending),
    encoded(handBack),
    givenUp ? 1 : '',
    ...(await leftBehind(c, turn.session, leftovers, now)),
  ]
}

/** Who has lost the turn, or has settled this before, binds nothing; the script that follows says so. */
async function bindHeld(c: Connection, turn: Turn, head: Entry, outcome: Opened): Promise<boolean> {
  return (await isToSettle(c, turn, head)) ? bind(c, turn, outcome) : true
}

async function isToSettle(c: Connection, { session, direction, fence }: Turn, head: Entry): Promise<boolean> {
  const letter = letterOf[direction]
  const tag = c.keys.tag(shardOfSession(session))
  const [[present, until], first] = await Promise.all([
    c.redis.hmget(`${tag}s:${session}`, `${letter}f`, `${letter}u`),
    c.redis.lindex(`${tag}m:${session}:${letter}`, 0),
  ])
  const isHead = first?.startsWith(`{"id":${encodeId(head.id)}"`) ?? false
  return isHead && present === String(fence) && until !== '0'
}

const REPLACE =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) return 1 else return 0 end"

/** Points the conversation at this session, unless another client's live session has it. Of two at once one is first. */
async function bind(c: Connection, turn: Turn, outcome: Opened): Promise<boolean> {
  const key = c.keys.conversation(outcome.desk, outcome.conversation.id)
  for (;;) {
    const holder = await c.redis.set(key, turn.session, 'NX', 'GET')
    if (holder === null || holder === turn.session) return true
    const [theirs, ours] = await Promise.all([findById(c, holder), findById(c, turn.session)])
    const isTheirs = theirs !== undefined && theirs.state !== 'ended'
    if (isTheirs && theirs.client.uuid !== ours?.client.uuid) return false
    // Of the same client: a session that is over leaves it to the live one.
    if (isTheirs && ours?.state === 'ended') return true
    if ((await c.redis.eval(REPLACE, 1, key, holder, turn.session)) === 1) return true
  }
}

export async function claim(
  c: Connection,
  session: string,
  direction: Direction,
  now: number,
): Promise<Work | undefined> {
  const reply = (await c.scripts.claim(
    c.keys.due(shardOfSession(session)),
    now,
    session,
    letterOf[direction],
  )) as [View, TurnReply] | null
  return reply ? decodeWork(decodeSession(session, reply[0]), direction, reply[1]) : undefined
}

export async function renew(c: Connection, turn: Turn, now: number): Promise<boolean> {
  const { session, direction, fence } = turn
  const due = c.keys.due(shardOfSession(session))
  return (await c.scripts.renew(due, now, session, letterOf[direction], fence)) === 1
}
