import type { Clock } from '../lib/clock.ts'
import { type Answer, answerFor, BOT_BUDGET_MS } from './answer.ts'
import type { Pipeline } from './pipeline.ts'

/** Of the closing that stands in line when the bot has ended a session. */
export const CLOSING_ID = 'close'

/** What the bot ends is closed at the desk, after everything the client said before. It never starts the ended flow. */
export async function endSession(
  { pipeline, clock }: { pipeline: Pipeline; clock: Clock },
  userid: string,
  simulation: boolean,
): Promise<Answer> {
  if (simulation) return { word: 'success', msg: 'simulated: nothing was closed' }
  const now = clock.now()
  const { acceptance, report } = await pipeline.post(
    {
      to: { by: 'client', userid },
      direction: 'to_agent',
      dedupe: CLOSING_ID,
      entries: [{ id: CLOSING_ID, at: now, kind: 'close', reason: 'bot' }],
      // What the agent said before is still owed to the client.
      ending: { at: now, reason: 'bot', deskAt: now },
    },
    BOT_BUDGET_MS,
  )
  if (acceptance.outcome === 'no-session' || acceptance.outcome === 'ended')
    return { word: 'success', msg: 'there was no conversation to close' }
  return answerFor(
    report,
    'the conversation is closed',
    'ended here; it is closed as soon as the desk takes it',
  )
}
