import type { Session } from '../domain/session.ts'
import type { Due, Store } from '../store/store.ts'
import { accountOf } from './crowd.ts'

export type DueMailbox = Extract<Due, { kind: 'mailbox' }>

/** Which account a mailbox goes to, without taking its turn. */
export type Whereabouts = {
  /** Undefined where nobody has asked; '' where no desk was found yet. */
  of(mailbox: DueMailbox): string | undefined
  learn(mailbox: DueMailbox, session: Session): void
  /** Looks up some of those that are not known. */
  ask(mailboxes: DueMailbox[]): Promise<void>
}

/** Some 150 bytes each. */
const MOST_KEPT = 50_000
/** Asked for in one go. */
const MOST_ASKED = 1_000

/** A session keeps its desk and its bot, so what was learnt stays true; who is kept longest is forgotten first. */
export function createWhereabouts(store: Pick<Store, 'findById'>): Whereabouts {
  const accounts = new Map<string, string>()
  /** Of the last asking. */
  const homeless = new Set<string>()
  const keyOf = ({ session, direction }: DueMailbox): string =>
    direction === 'to_agent' ? session : `${session} ${direction}`
  const learn = (mailbox: DueMailbox, session: Session): void => {
    const account = accountOf(session, mailbox.direction)
    if (account === '') return
    accounts.set(keyOf(mailbox), account)
    if (accounts.size <= MOST_KEPT) return
    const [oldest] = accounts.keys()
    if (oldest !== undefined) accounts.delete(oldest)
  }
  return {
    of: mailbox => accounts.get(keyOf(mailbox)) ?? (homeless.has(keyOf(mailbox)) ? '' : undefined),
    learn,
    async ask(mailboxes) {
      homeless.clear()
      const unknown = mailboxes.filter(mailbox => !accounts.has(keyOf(mailbox)))
      await Promise.all(
        unknown.slice(0, MOST_ASKED).map(async mailbox => {
          const session = await store.findById(mailbox.session)
          if (session) learn(mailbox, session)
          if (!accounts.has(keyOf(mailbox))) homeless.add(keyOf(mailbox))
        }),
      )
    },
  }
}
