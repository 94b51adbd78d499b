import type { Session } from '../domain/session.ts'

/** The right to run a link, until it runs out, is given back, or somebody else takes over what had run out. */
export type LinkLease = {
  /** `<desk>/<link>` */
  link: string
  /** The replica that has it. */
  holder: string
  /** Greater than that of every earlier lease of any link of the same desk. */
  fence: number
}

/** How far a conversation has been read by a link, and under which lease. */
export type Reading = { fence: number; cursor?: string }

/** What the links of desks need of the store. Times are epoch ms; what goes wrong throws STORE_UNAVAILABLE, as everywhere. */
export interface LinkStore {
  /** Takes the lease of a link that is free or has run out at `now`, for `ttlMs`. Undefined: somebody has it. A holder that
   *  asks for what it has itself (the answer got lost) gets a new lease. */
  takeLink(link: string, holder: string, ttlMs: number, now: number): Promise<LinkLease | undefined>

  /** Prolongs it to `ttlMs` from now. False: it was lost; also when it ran out and nobody has taken it yet. */
  renewLink(lease: LinkLease, ttlMs: number, now: number): Promise<boolean>

  /** Gives it back: the next `takeLink` gets it. Nothing happens where it was lost before. */
  releaseLink(lease: LinkLease): Promise<void>

  /** Who has it at `now`. */
  holderOfLink(link: string, now: number): Promise<LinkLease | undefined>

  /** The sessions that are not over and have a conversation at this desk, in no order. */
  liveSessions(desk: string): Promise<string[]>

  /** From now on letters with a reading of a lower fence are refused for this session. Undefined: a higher fence came before,
   *  or there is no such live session with a conversation. */
  followSession(session: string, fence: number): Promise<{ session: Session; cursor?: string } | undefined>

  /** Says something to whoever hears this channel now, on any replica; nobody may. Not kept, and lost with the connection. */
  tell(channel: string, text: string): Promise<void>

  /** Calls `heard` for everything told on the channel, from when it resolves until the function it gives is called. It
   *  goes on by itself after the store was away; what was told meanwhile is lost. */
  hear(channel: string, heard: (text: string) => void): Promise<() => Promise<void>>
}
