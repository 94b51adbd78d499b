import type { Clock } from '../lib/clock.ts'
import { type Memory, processMemory } from '../lib/memory.ts'
import type { Store } from '../store/store.ts'
import { createWhereabouts, type DueMailbox } from './whereabouts.ts'
import type { Worker } from './worker.ts'

/** Takes up due mailboxes, so that those of an account that fails, or hangs, are in nobody's way. */
export type TakingUp = {
  /** How many due mailboxes are worth seeing at the next look. */
  reach(): number
  /** Takes turns for some of them, the longest due first. Resolves when they are begun; true: there is work for more. */
  takeUp(due: DueMailbox[]): Promise<boolean>
}

export type TakingUpKit = {
  store: Store
  worker: Worker
  clock: Clock
  memory?: Memory
}

/** At most this many are taken up at a look; the rest stays due. */
export const BATCH = 200
/** Where so many are due for an account that fails, those behind them are looked for this far. */
const FURTHEST = 10_000
/** Of those that found no room, so that whoever wrote them is told in time. */
const PUT_OFF_AT_ONCE = 100
/** Begun together. Between two of these the first may be over: to be refused at once takes no time. */
const AT_ONCE = 16
const AT_ONCE_WHEN_TIGHT = 4

export function createTakingUp({ store, worker, clock, memory = processMemory }: TakingUpKit): TakingUp {
  const { crowd } = worker
  const whereabouts = createWhereabouts(store)
  let reach = BATCH
  return {
    reach: () => reach,
    async takeUp(due) {
      const isCrowded = due.length >= BATCH
      if (isCrowded) await whereabouts.ask(due)
      const [well, ailing] = sort(isCrowded ? due.filter(isKnown) : due)
      const look: Look = { left: [...well, ...ailing], at: 0, given: new Map(), taken: 0, passed: [] }
      for (let some = next(look); some.length > 0; some = next(look)) await Promise.all(some.map(begin))
      await Promise.all(look.passed.map(putOff))
      const isBlocked = ailing.length > 0 || look.taken < Math.min(due.length, BATCH)
      reach = isBlocked ? Math.min(Math.max(BATCH, 4 * due.length), FURTHEST) : BATCH
      return look.taken >= BATCH && well.length > BATCH
    },
  }

  function isKnown(mailbox: DueMailbox): boolean {
    return whereabouts.of(mailbox) !== undefined
  }

  function sort(due: DueMailbox[]): [DueMailbox[], DueMailbox[]] {
    const isAiling = (mailbox: DueMailbox): boolean => crowd.isAiling(whereabouts.of(mailbox) ?? '')
    return [due.filter(mailbox => !isAiling(mailbox)), due.filter(isAiling)]
  }

  /** The next few for which there is room; the others are left for another look. */
  function next(look: Look): DueMailbox[] {
    const some: DueMailbox[] = []
    const atOnce = memory.tightness() === undefined ? AT_ONCE : AT_ONCE_WHEN_TIGHT - crowd.size()
    const most = Math.min(atOnce, BATCH - look.taken)
    const promised = new Map<string, number>()
    while (some.length < most && look.at < look.left.length) {
      const mailbox = look.left[look.at++] as DueMailbox
      const account = whereabouts.of(mailbox) ?? ''
      const given = look.given.get(account) ?? 0
      if (given > 0 && crowd.roomFor(account) <= (promised.get(account) ?? 0)) {
        if (look.passed.length < PUT_OFF_AT_ONCE) look.passed.push(mailbox)
        continue
      }
      look.given.set(account, given + 1)
      promised.set(account, (promised.get(account) ?? 0) + 1)
      some.push(mailbox)
    }
    look.taken += some.length
    return some
  }

  async function begin(mailbox: DueMailbox): Promise<void> {
    const work = await store.claim(mailbox.session, mailbox.direction, clock.now())
    if (!work) return
    whereabouts.learn(mailbox, work.session)
    void worker.work(work)
  }

  async function putOff(mailbox: DueMailbox): Promise<void> {
    const work = await store.claim(mailbox.session, mailbox.direction, clock.now())
    if (work) await worker.putOff(work)
  }
}

/** `at`: the next to be thought of. `given`: how many of each account were taken up. `passed`: for which there was no room. */
type Look = {
  left: DueMailbox[]
  at: number
  given: Map<string, number>
  taken: number
  passed: DueMailbox[]
}
