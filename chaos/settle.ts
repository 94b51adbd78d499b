import { type Judgement, judge, type Screen } from './judge/judge.ts'
import type { Balance } from './judge/law.ts'
import type { Ledger } from './judge/ledger.ts'
import type { Conversation } from './load/conversations.ts'
import type { LawWatch } from './watch-law.ts'
import { pause } from './world/wait.ts'
import type { StoreSide, World } from './world/world.ts'

/** Long enough for the fifth wait of the retry schedule, twice. */
const PATIENCE_MS = 150_000
/** Nothing waits any more, so nothing more will come. */
const EMPTY_FOR_MS = 10_000
const EVERY_MS = 500

/** What everybody sees in the end: when nothing waits any more and all that was acknowledged is there, or in vain. */
export async function settle<Store extends StoreSide>(
  world: World<Store>,
  ledger: Ledger,
  conversations: Conversation[],
  law: LawWatch,
): Promise<Screen[]> {
  const end = Date.now() + PATIENCE_MS
  let emptySince = Number.POSITIVE_INFINITY
  for (;;) {
    const balances = await law.look().catch(() => [])
    const screens = await readScreens(world, conversations)
    const isAtRest = isEmpty(balances) && isComplete(judge(ledger.all(), screens))
    emptySince = isEmpty(balances) ? Math.min(emptySince, Date.now()) : Number.POSITIVE_INFINITY
    const isInVain = Date.now() > end || Date.now() - emptySince > EMPTY_FOR_MS
    if (isAtRest || isInVain) return screens
    await pause(EVERY_MS)
  }
}

function isEmpty(balances: Balance[]): boolean {
  return balances.length > 0 && balances.every(({ waiting }) => waiting === 0)
}

function isComplete({ lost }: Judgement): boolean {
  return lost.length === 0
}

async function readScreens<Store extends StoreSide>(
  { rapidpro, rocketchat }: World<Store>,
  conversations: Conversation[],
): Promise<Screen[]> {
  const screens: Screen[] = []
  for (const { index, contact, room } of conversations) {
    const [agent, client] = await Promise.all([rocketchat.screen(room), rapidpro.screen(contact)])
    screens.push({ conversation: index, direction: 'to_agent', shown: agent })
    screens.push({ conversation: index, direction: 'to_client', shown: client })
  }
  return screens
}
