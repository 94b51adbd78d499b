import type { Attempts, DeadLetter, Direction, Entry, Turn } from '../domain/mailbox.ts'
import type { Conversation, Ending, Session, SessionChange, SessionRecord } from '../domain/session.ts'
import type { Tally } from '../domain/tally.ts'
import type { LinkStore, Reading } from './link-store.ts'

/** A mailbox somebody may work on now: its session as it stands, the right to it, and what is first in line. */
export type Work = {
  session: Session
  turn: Turn
  head: Entry
  attempts: Attempts
}

/** Whose session is meant. A client has at most one live session; a conversation belongs to one session for ever. */
export type Address =
  | { by: 'client'; userid: string }
  | { by: 'session'; session: string }
  /** `client` is a short cut, believed only if that client's session is bound to the conversation, or is still opening, at
   *  this desk among others, and the conversation is bound to no other client. */
  | { by: 'conversation'; desk: string; conversation: string; client?: string }

/** What is handed to `accept`: entries for one mailbox, a change of the session, its end, or several of these. */
export type Letter = {
  to: Address
  direction: Direction
  /** The sender's own id of it. A second letter with the same id and direction is a repeat. Absent: never a repeat. */
  dedupe?: string
  entries: Entry[]
  change?: SessionChange
  /** Ends the session. A session ends once; a later ending is answered `ended`. */
  ending?: Ending
  /** From a link: refused when a later lease follows this session; else its cursor is kept, also with a repeat. */
  reading?: Reading
  /** The desk's own time of it, epoch ms. Said before the desk closed: still accepted after the end. */
  saidAt?: number
}

/** Where an accepted entry is now: `settled` is out of the mailbox, and no dead letter. */
export type Fate = 'waiting' | 'settled' | 'dead'

export type Acceptance =
  | { outcome: 'no-session' }
  /** Another replica reads this conversation now; nothing was stored. */
  | { outcome: 'fenced'; session: Session }
  /** The session is over; nothing was stored. */
  | { outcome: 'ended'; session: Session }
  /** An ending for a session whose conversation is not known yet; nothing was stored. */
  | { outcome: 'opening'; session: Session }
  | { outcome: 'repeat'; session: Session; fate: Fate }
  /** Durable. `work` when the mailbox was free: the accepting process must deliver it. `retryAt` when it has been put
   *  off: the moment (epoch ms) at which it is looked at next. Neither while somebody works on it. */
  | { outcome: 'accepted'; session: Session; work?: Work; retryAt?: number }

export type Registration =
  | { outcome: 'created'; work: Work }
  /** The client has a live session. `work` when its opening had been left lying and is now the caller's to do;
   *  `retryAt` when it has been put off until then. */
  | { outcome: 'exists'; session: Session; work?: Work; retryAt?: number }

/** What became of the head of a mailbox. */
export type Outcome =
  /** It is out of the mailbox: delivered, or given up. */
  | ({ kind: 'removed' } & Consequences)
  /** The head (an opening) was done: the session is now bound to this conversation. */
  | ({
      kind: 'opened'
      desk: string
      conversation: Conversation
      state: 'queued' | 'assigned'
      agent?: string
    } & Leftovers)
  /** The head is replaced by these, in order, in one step. */
  | { kind: 'expanded'; into: Entry[] }
  /** Try again at `at` (epoch ms). `entry` takes the head's place where it changed. With `counts: false` it was no
   *  failed attempt. `tell` goes into the opposite mailbox, and `told` is remembered until the mailbox moves on. */
  | { kind: 'retry'; at: number; counts: boolean; entry?: Entry; tell?: Entry }
  /** The head (an opening nobody was promised) failed: the session is removed, unless something else waits in it. */
  | ({ kind: 'abandoned' } & Leftovers)

/** Of an opening: the desks that may have carried it out although we never heard so. Each gets a session of its own that is
 *  over and holds nothing but an `undo`, so that finding and closing what was opened is owed like any message. */
export type Leftovers = { leftovers?: string[] }

/** What else is done in the same step as the removal. */
export type Consequences = {
  /** Kept as a dead letter, for this reason (no one's words). */
  dead?: string
  /** Words to the human who wrote, for the opposite mailbox; left out when an entry of this id was told before. */
  tell?: Entry
  /** Ends the session, if it is not over yet; only then `handBack` is appended to the mailbox to the client. */
  ending?: Ending
  handBack?: Entry
  /** It did not come to what was wanted, and is not worth a dead letter. */
  givenUp?: true
} & Leftovers

export type Settlement =
  /** `next` is what is now first in line, still under the same turn; absent when the mailbox is empty or must wait. */
  | { outcome: 'settled'; next?: Work }
  /** Somebody else has the turn; nothing was changed. */
  | { outcome: 'fenced' }
  /** Only for `abandoned`: something was accepted behind the opening, and is owed; nothing was changed. */
  | { outcome: 'wanted' }
  /** Only for `opened`: another client's live session is bound to that conversation; nothing was changed. */
  | { outcome: 'conversation-taken' }

/** Something whose time has come. */
export type Due =
  | { kind: 'mailbox'; session: string; direction: Direction }
  | { kind: 'session'; session: string }
  /** Nothing was heard of its conversation for a while: its desk is to be asked. */
  | { kind: 'look'; session: string }

export type Waiting = { to_agent: number; to_client: number }

export type Replay = 'replayed' | 'already-replayed' | 'unknown' | 'session-ended'

/** What is asked for of the dead letters; each key narrows it. Times are epoch ms of the giving up, both ends included. */
export type DeadLetterQuery = {
  limit: number
  /** The first to die first, instead of the last. */
  oldest?: true
  direction?: Direction
  desk?: string
  userid?: string
  conversation?: string
  since?: number
  until?: number
}

/** How the store is set up. Times in ms. */
export type StoreOptions = {
  /** How long a turn is held without a renewal before another may take it over. */
  leaseMs: number
  /** How long a live session may idle before it is due. */
  sessionTtlMs: number
  /** How long dead letters are kept. */
  deadLetterTtlMs: number
  /** How long nothing may be heard of a conversation before its desk is asked. */
  silentMs: number
}

/**
 * The only door to state. Every method is one atomic step, durable when it resolves, and safe to repeat when its answer
 * was lost. All times are epoch ms and come from the caller (`now`), so that one clock rules.
 *
 * Every method throws MediatorError STORE_UNAVAILABLE when the store cannot be reached or written; then nothing is known
 * to have happened. No method waits for another process.
 */
export interface Store extends LinkStore {
  /** Creates the session (and its id) with `opening` as the only entry of its mailbox to the agent and takes the turn,
   *  unless the client has a live session. An ended session of the same client stays readable by its own id. */
  register(draft: Omit<SessionRecord, 'id'>, opening: Entry, now: number): Promise<Registration>

  /** Finds the session, drops a repeat, applies change and ending, appends the entries, and takes the turn if the
   *  mailbox was empty and free. An ended session accepts only: the `to_client` letters with `saidAt` ≤ `ending.deskAt`. */
  accept(letter: Letter, now: number): Promise<Acceptance>

  /** Records what became of `head`, which must be the one the turn was given for. Repeating it changes nothing. */
  settle(turn: Turn, head: Entry, outcome: Outcome, now: number): Promise<Settlement>

  /** Prolongs the turn by `leaseMs` from now. False: it was lost. */
  renew(turn: Turn, now: number): Promise<boolean>

  /** What is due at `now`, the longest due first: mailboxes whose retry time or whose turn has run out, idle or
   *  forgettable sessions, conversations to be asked about; at most `limit` of each, and perhaps fewer of the last two. Takes nothing. */
  due(now: number, limit: number): Promise<Due[]>

  /** Makes what was put off due at `now`: the mailboxes to clients, or those to agents of this desk and of none yet. */
  hasten(direction: Direction, desk: string | undefined, now: number): Promise<void>

  /** Takes the turn of a due mailbox; undefined when it is empty, not due, or somebody has it. */
  claim(session: string, direction: Direction, now: number): Promise<Work | undefined>

  /** Takes the asking about a conversation: it is due again `silentMs` later. Undefined when it is not due, somebody has just
   *  taken it, something was heard of it meanwhile, or the session is over. */
  claimLook(session: string, now: number): Promise<Session | undefined>

  /** Makes closing the session's conversation owed once more, in a session of its own that is over and holds nothing but an
   *  `undo`. A second time within an hour does nothing. */
  closeAgain(session: Session, now: number): Promise<void>

  /** The client's present session, or the last one while it is remembered. */
  findByClient(userid: string): Promise<{ session: Session; waiting: Waiting } | undefined>

  findById(session: string): Promise<Session | undefined>

  findByConversation(desk: string, conversation: string): Promise<Session | undefined>

  /** Where an accepted entry is now; `waiting` also while any piece of it is. */
  fateOf(session: string, direction: Direction, entry: string): Promise<Fate>

  /** Those of the ids with which no letter was accepted, or only longer ago than ids are remembered. */
  unheard(session: string, direction: Direction, dedupes: string[]): Promise<string[]>

  /** Whether somebody's words wait in the mailbox, not only ours. */
  holdsMessage(session: string, direction: Direction): Promise<boolean>

  /** Removes an ended session with everything of it, unless one of its mailboxes still holds something or a dead letter of it
   *  may be replayed (then it is put off by a day). */
  forget(session: string, now: number): Promise<void>

  /** In the order of their deaths, the newest first unless asked otherwise; without anyone's words. */
  deadLetters(query: DeadLetterQuery): Promise<DeadLetter[]>

  /** One that has not been replayed, with what it holds. */
  findDeadLetter(id: string): Promise<{ letter: DeadLetter; entry: Entry } | undefined>

  /** Puts a dead letter back at the end of its mailbox, once, as accepted now. To an agent only while the session lives,
   *  but for a closing. */
  replay(id: string, now: number): Promise<Replay>

  /** For each direction and desk ('' while none is found): accepted = delivered + dead + given-up + moved + waiting, at any
   *  moment. Entries are counted, not messages: openings, closings, notices, each piece, and each replay anew. */
  tally(): Promise<Tally[]>

  /** Resolves when the store can be read and written. */
  check(): Promise<void>

  /** The store's own time, epoch ms: the one all replicas share. Undefined where there is only one process. */
  time(): Promise<number | undefined>

  close(): Promise<void>
}
