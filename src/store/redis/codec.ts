import type { Direction, Entry } from '../../domain/mailbox.ts'
import type { Ending, EndReason, Session, SessionRecord, SessionState } from '../../domain/session.ts'
import type { Reading } from '../link-store.ts'
import type { Work } from '../store.ts'

/** The session as the scripts answer it: record, st, dk, cv, cs, ag, ea, er, ed, nm, un, ct, with BETWEEN between them. */
export type View = string
const BETWEEN = '\x1f'
/** A turn as the scripts answer it: fence, head, failed attempts, told. */
export type TurnReply = [string | number, string, string, string]

export const letterOf: Record<Direction, 'a' | 'c'> = { to_agent: 'a', to_client: 'c' }
export const directionOf: Record<string, Direction> = { a: 'to_agent', c: 'to_client' }

/** The scripts find id, time and kind at the start of the text, so they must come first. */
export function encodeEntry(entry: Entry): string {
  const { id, at, kind, ...rest } = entry
  return JSON.stringify({ id, at, kind, ...rest })
}

/** Record, name and address: who the client is can be forgotten by itself. */
export function encodeRecord({ client, ...record }: SessionRecord): [string, string, string] {
  const { name, urn, ...known } = client
  return [JSON.stringify({ ...record, client: known }), encodeName(name), encodeName(urn)]
}

export function encodeEnding(ending: Ending | undefined): string {
  return ending ? `${ending.at} ${ending.reason} ${ending.deskAt ?? ''}` : ''
}

/** An id as it stands in an entry's text, but for the closing quote. */
export function encodeId(id: string): string {
  return JSON.stringify(id).slice(0, -1)
}

/** Names come from outside; they must not look like the end of a field. */
export function encodeName(name: string | undefined): string {
  return name?.replaceAll(BETWEEN, ' ') ?? ''
}

/** A cursor is any text, so it travels as JSON. */
export function encodeReading(reading: Reading | undefined): string {
  if (!reading) return ''
  const { fence, cursor } = reading
  return `${fence} ${cursor === undefined ? '' : JSON.stringify(cursor)}`
}

export function decodeCursor(cursor: string | null): { cursor?: string } {
  return cursor === null ? {} : { cursor: JSON.parse(cursor) as string }
}

/** The fields of a session that stand in its view, in order. */
export const VIEW_FIELDS = ['st', 'dk', 'cv', 'cs', 'ag', 'ea', 'er', 'ed', 'nm', 'un', 'ct'] as const

/** `view` is made of these by whoever reads the fields without a script. */
export function joinView(fields: (string | null)[]): View {
  return fields.map(field => field ?? '').join(BETWEEN)
}

export function decodeSession(id: string, view: View): Session {
  const [
    record = '',
    state,
    desk,
    conversation = '',
    data,
    agent,
    endedAt,
    reason,
    deskAt,
    name,
    urn,
    closed,
  ] = view.split(BETWEEN)
  const session = JSON.parse(record) as SessionRecord & Session
  session.id = id
  session.state = state as SessionState
  if (name) session.client.name = name
  if (urn) session.client.urn = urn
  if (desk) session.desk = desk
  if (conversation) session.conversation = { id: conversation, state: data ? JSON.parse(data) : null }
  if (agent) session.agent = agent
  if (endedAt) session.ending = { at: Number(endedAt), reason: reason as EndReason }
  if (session.ending && deskAt) session.ending.deskAt = Number(deskAt)
  if (session.ending && closed) session.ending.closedThere = true
  return session
}

/** `known` is the head where the scripts did not send it back. */
export function decodeWork(session: Session, direction: Direction, reply: TurnReply, known?: Entry): Work {
  const [fence, head, count, told] = reply
  return {
    session,
    turn: { session: session.id, direction, fence: Number(fence) },
    head: known ?? (JSON.parse(head) as Entry),
    attempts: { count: Number(count), told: told !== '0' },
  }
}
