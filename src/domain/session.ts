/** The person writing. Only `uuid` is always there: contacts may be nameless and their addresses hidden. */
export type Client = {
  uuid: string
  name?: string
  /** `scheme:path`, as the bot gave it; absent when hidden or unknown. */
  urn?: string
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** The desk's room, ticket, chat or interaction. `state` is made and read by that desk's folder only. */
export type Conversation = {
  id: string
  state: Json
}

/** `opening`: asked for, not there yet. `queued`: there, nobody serves it. `assigned`: an agent does. */
export type SessionState = 'opening' | 'queued' | 'assigned' | 'ended'

/** Who ended it: the desk (agent, its timers), the bot (a delete), we after idling, or a conversation found gone. */
export type EndReason = 'agent' | 'client' | 'bot' | 'expired' | 'gone' | 'no-agent' | 'failed'

export type Ending = {
  /** Our clock, epoch ms. */
  at: number
  reason: EndReason
  /** The desk's own time of the end, epoch ms: what an agent wrote before it is still owed to the client. */
  deskAt?: number
  /** The desk has told us since that it is over there, too, where somebody else had ended it. */
  closedThere?: true
}

/** Whether it is over at the desk, too: ended there, or found so. */
export function isClosedThere({ reason, closedThere }: Ending): boolean {
  return closedThere === true || (reason !== 'bot' && reason !== 'expired')
}

/**
 * A desk may use a conversation's id again. What it says of another client (`named`) than the one whose it is now, and was
 * said before they asked for an agent, is not for them. `saidAt`: the desk's own time, epoch ms.
 */
export function isOfAnEarlierClient(
  { client, openedAt }: Session,
  named: string | undefined,
  saidAt: number | undefined,
): boolean {
  return named !== undefined && named !== client.uuid && saidAt !== undefined && saidAt < openedAt
}

/** What does not change after the session is created. */
export type SessionRecord = {
  /** Unguessable, unique over all time. */
  id: string
  bot: string
  client: Client
  department: string
  /** What the client speaks, as the bot or the route says it (`spa`, `es`); for our own words on both sides. */
  language?: string
  /** Epoch ms. */
  openedAt: number
  /** What the working-hours gate said at registration. */
  gate: { open: boolean; dayType: string; dayName: string; at: number }
}

/** Our record that ties one client to one conversation. */
export type Session = SessionRecord & {
  state: SessionState
  /** The desk's configured name; absent while opening. */
  desk?: string
  conversation?: Conversation
  /** The agent's name, as the desk shows it. */
  agent?: string
  ending?: Ending
}

/** What may change while a session lives. */
export type SessionChange = {
  state?: 'queued' | 'assigned'
  agent?: string
}

/** How long an ended session still answers "session-closed" to a client's text, in ms. */
export const CLOSED_ANSWER_MS = 24 * 3_600_000

/** How long a message's id is remembered at least, and with it the ended session, in ms. */
export const SEEN_MS = 72 * 3_600_000

/** Less than ids are remembered, so that nothing can be taken for new that was passed on. */
const MISSED_MS = SEEN_MS - 3_600_000

/** What was said from then on was said in this session, and is known if it came. Our clock, epoch ms. */
export function missingFrom({ openedAt }: Session, now: number): number {
  return Math.max(openedAt, now - MISSED_MS)
}
