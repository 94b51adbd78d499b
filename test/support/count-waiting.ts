import type { Tally } from '../../src/domain/tally.ts'
import type { Store, Waiting } from '../../src/store/store.ts'

/** The entries waiting in all mailboxes. Throws where the store's tally does not balance. */
export async function countWaiting(store: Store): Promise<Waiting> {
  const waiting = { to_agent: 0, to_client: 0 }
  for (const tally of await store.tally()) {
    if (!balances(tally)) throw new Error(`the tally does not balance: ${JSON.stringify(tally)}`)
    waiting[tally.direction] += tally.waiting
  }
  return waiting
}

function balances({ accepted, delivered, dead, moved, waiting, 'given-up': givenUp }: Tally): boolean {
  return accepted === delivered + dead + givenUp + moved + waiting
}
