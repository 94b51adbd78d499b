import type { MediatorError } from '../domain/errors.ts'
import type { Direction } from '../domain/mailbox.ts'
import type { Session } from '../domain/session.ts'
import type { Outcome, Work } from '../store/store.ts'

/** The works of this process by the account they go to, and whether that one did what it was last asked for. */
export type Crowd = {
  /** A work begins; it is over with the function this gives. */
  enter(work: Work): () => void
  wentWell(work: Work, outcome: Outcome): void
  wentWrong(work: Work, error: MediatorError): void
  isAiling(account: string): boolean
  /** How many more works of that account may be begun by somebody who can wait. */
  roomFor(account: string): number
  /** All works under way. */
  size(): number
}

type Standing = { underWay: number; isAiling: boolean }

/** As many as find a place at its door, and as many again that are between two calls. */
const MOST = 256
/** Enough to find out at once that it is back; few enough to be of no weight while they hang. */
const MOST_WHILE_AILING = 32

/** Where the messages of a mailbox go; '' while no desk is found. */
export function accountOf({ bot, desk }: Session, direction: Direction): string {
  return direction === 'to_client' ? bot : (desk ?? '')
}

/** An opening goes to the first of the desks it may go to. */
function accountOfWork({ turn, session, head }: Work): string {
  const first = head.kind === 'open' ? head.opening.desks[0] : undefined
  return accountOf(session, turn.direction) || (first ?? '')
}

export function createCrowd(): Crowd {
  const standings = new Map<string, Standing>()
  const standingOf = (account: string): Standing => {
    const standing = standings.get(account) ?? { underWay: 0, isAiling: false }
    standings.set(account, standing)
    return standing
  }
  let size = 0
  return {
    enter(work) {
      const standing = standingOf(accountOfWork(work))
      standing.underWay += 1
      size += 1
      return () => {
        standing.underWay -= 1
        size -= 1
      }
    },
    wentWell(work, outcome) {
      if (outcome.kind === 'expanded') return
      standingOf(outcome.kind === 'opened' ? outcome.desk : accountOfWork(work)).isAiling = false
    },
    wentWrong(work, error) {
      if (error.code === 'STORE_UNAVAILABLE') return
      standingOf(accountOfWork(work)).isAiling = error.transient
    },
    isAiling: account => standings.get(account)?.isAiling ?? false,
    roomFor(account) {
      const { underWay, isAiling } = standings.get(account) ?? { underWay: 0, isAiling: false }
      return (isAiling ? MOST_WHILE_AILING : MOST) - underWay
    },
    size: () => size,
  }
}
