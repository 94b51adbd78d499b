import { type Ledger, numberIn } from '../judge/ledger.ts'
import type { Front, Passed } from '../world/front.ts'
import type { World } from '../world/world.ts'
import type { Conversation } from './conversations.ts'
import type { Pace } from './pace.ts'

/** Rocket.Chat's limit for an answer. */
const HTTP_TIMEOUT_MS = 5_000
const SLACK_MS = 3_000

/** Notes down which webhook carries which message, when it was posted and whether Rocket.Chat was told that it is kept. */
export function watchWebhooks(front: Front, ledger: Ledger): void {
  front.onCall = ({ path, body, calledAt }) => {
    const number = numberOf({ path, body })
    if (number !== undefined && ledger.knows(number)) ledger.called(number, calledAt)
  }
  front.onAnswer = ({ path, body, calledAt, status }) => {
    const now = Date.now()
    const number = status === 200 ? numberOf({ path, body }) : undefined
    if (number !== undefined && ledger.knows(number)) ledger.acknowledged(number, now, now - calledAt)
  }
}

function numberOf({ path, body }: Pick<Passed, 'path' | 'body'>): number | undefined {
  if (!path.endsWith('/sendMessageToClient')) return undefined
  const { messages } = JSON.parse(body.toString()) as { messages?: { msg?: string }[] }
  return numberIn(messages?.[0]?.msg)
}

export type AgentOptions = {
  /** How many texts the agent writes at once, before waiting for any. */
  burst: number
  webhookRetryMs: number
}

/** An agent writes; what Rocket.Chat has given up posting was never acknowledged, and the next text follows. */
export async function talkAsAgent(
  world: World,
  ledger: Ledger,
  { index, room }: Conversation,
  pace: Pace,
  { burst, webhookRetryMs }: AgentOptions,
): Promise<void> {
  const quietMs = webhookRetryMs + HTTP_TIMEOUT_MS + SLACK_MS
  await pace.rest()
  while (pace.goesOn()) {
    const texts = Array.from({ length: burst }, () => ledger.write(index, 'to_client'))
    for (const { number, text } of texts) {
      ledger.asked(number, Date.now())
      await world.rocketchat.say(room, text)
    }
    await Promise.all(texts.map(({ number }) => ledger.hold(number, quietMs)))
    for (let i = 0; i < burst; i++) await pace.rest()
  }
}
