import type { Entry } from '../../domain/mailbox.ts'
import { isOfAnEarlierClient, type SessionRecord } from '../../domain/session.ts'
import type { Acceptance, Address, Fate, Letter, Registration } from '../store.ts'
import {
  decodeSession,
  decodeWork,
  encodeEnding,
  encodeEntry,
  encodeId,
  encodeName,
  encodeReading,
  encodeRecord,
  letterOf,
  type TurnReply,
  type View,
} from './codec.ts'
import type { Connection } from './connection.ts'
import { newSessionId, shardOfClient, shardOfSession } from './keys.ts'
import { findById } from './queries.ts'

type Reply = [
  outcome: string,
  session: string,
  view: View,
  turn: TurnReply | null,
  due: string | null,
  fate?: Fate,
]

const nullable = (due: string | null): { retryAt?: number } => (due ? { retryAt: Number(due) } : {})

export async function register(
  c: Connection,
  draft: Omit<SessionRecord, 'id'>,
  opening: Entry,
  now: number,
): Promise<Registration> {
  const userid = draft.client.uuid
  const id = newSessionId(userid)
  const reply = (await c.scripts.register(
    c.keys.due(shardOfClient(userid)),
    now,
    userid,
    id,
    ...encodeRecord({ ...draft, id }),
    encodeEntry(opening),
  )) as Reply
  const session = decodeSession(reply[1], reply[2])
  const known = reply[0] === 'created' ? opening : undefined
  const work = reply[3] ? { work: decodeWork(session, 'to_agent', reply[3], known) } : {}
  if (reply[0] === 'created' && work.work) return { outcome: 'created', work: work.work }
  return { outcome: 'exists', session, ...(work.work ? work : nullable(reply[4])) }
}

/** One round trip, but for a letter addressed by a conversation that its hint does not lead to. */
export async function accept(c: Connection, letter: Letter, now: number): Promise<Acceptance> {
  const { to } = letter
  if (to.by === 'client') return read(await send(c, letter, now, 'client', to.userid), letter)
  if (to.by === 'session') return read(await send(c, letter, now, 'session', to.session), letter)
  return acceptByConversation(c, letter, now, to)
}

async function acceptByConversation(
  c: Connection,
  letter: Letter,
  now: number,
  to: Extract<Address, { by: 'conversation' }>,
): Promise<Acceptance> {
  const hinted = to.client === undefined ? undefined : await send(c, letter, now, 'client', to.client)
  if (hinted && hinted[0] !== 'elsewhere') return read(hinted, letter)
  const bound = await c.redis.get(c.keys.conversation(to.desk, to.conversation))
  const holder = bound && to.client !== undefined ? await findById(c, bound) : undefined
  // A conversation of another client is never meant, whomever the desk names; an old one of this client may serve again.
  if (to.client !== undefined && (!bound || holder?.client.uuid === to.client)) {
    const opening = await send(c, letter, now, 'hint', to.client)
    if (opening[0] !== 'elsewhere') return read(opening, letter)
  }
  if (!bound || (holder && isOfAnEarlierClient(holder, to.client, letter.saidAt)))
    return { outcome: 'no-session' }
  return read(await send(c, letter, now, 'session', bound), letter)
}

async function send(
  c: Connection,
  letter: Letter,
  now: number,
  how: 'client' | 'hint' | 'session',
  whom: string,
): Promise<Reply> {
  const { to, change, ending } = letter
  const shard = how === 'session' ? shardOfSession(whom) : shardOfClient(whom)
  return (await c.scripts.accept(
    c.keys.due(shard),
    now,
    how,
    whom,
    to.by === 'conversation' ? to.desk : '',
    to.by === 'conversation' ? to.conversation : '',
    letterOf[letter.direction],
    letter.dedupe ?? '',
    encodeId(letter.dedupe ?? ''),
    change?.state ?? '',
    encodeName(change?.agent),
    letter.saidAt ?? '',
    encodeEnding(ending),
    encodeReading(letter.reading),
    ...letter.entries.map(encodeEntry),
  )) as Reply
}

function read(reply: Reply, { direction, entries }: Letter): Acceptance {
  const [outcome, id, view, turn, due, fate] = reply
  if (outcome === 'no-session' || outcome === 'elsewhere') return { outcome: 'no-session' }
  const session = decodeSession(id, view)
  if (outcome === 'repeat') return { outcome, session, fate: fate ?? 'settled' }
  if (outcome === 'fenced' || outcome === 'ended' || outcome === 'opening') return { outcome, session }
  if (turn) return { outcome: 'accepted', session, work: decodeWork(session, direction, turn, entries[0]) }
  return { outcome: 'accepted', session, ...nullable(due) }
}
