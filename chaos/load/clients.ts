import { randomUUID } from 'node:crypto'
import { request } from 'undici'
import type { Ledger } from '../judge/ledger.ts'
import { pause } from '../world/wait.ts'
import { API_TOKEN, type World } from '../world/world.ts'
import type { Conversation } from './conversations.ts'
import type { Pace } from './pace.ts'

/** RapidPro's own limit for a webhook. */
const PATIENCE_MS = 15_000
const AGAIN_MS = 300

/** What callers were answered beside 200 and 202; 0 is no answer. */
export type Refusals = Map<number, number>

/** A client writes, each text when the one before is kept; what fails is sent again with the same id, as a flow does. */
export async function talkAsClient(
  world: World,
  ledger: Ledger,
  { index, contact }: Conversation,
  pace: Pace,
  refusals: Refusals,
): Promise<void> {
  await pace.rest()
  while (pace.goesOn()) {
    const { number, text } = ledger.write(index, 'to_agent')
    await insist({ world, ledger, pace, refusals }, contact, number, text)
    await pace.rest()
  }
}

type Line = { world: World; ledger: Ledger; pace: Pace; refusals: Refusals }

async function insist(
  { world, ledger, pace, refusals }: Line,
  contact: string,
  number: number,
  text: string,
): Promise<void> {
  const body = JSON.stringify({
    contact: { uuid: contact },
    input: { uuid: randomUUID(), text },
    results: { clientmessage: { value: text } },
  })
  while (!pace.isHalted()) {
    const calledAt = Date.now()
    ledger.asked(number, calledAt)
    ledger.called(number, calledAt)
    const status = await send(world, body)
    const now = Date.now()
    if (status === 200 || status === 202) return ledger.acknowledged(number, now, now - calledAt)
    refusals.set(status, (refusals.get(status) ?? 0) + 1)
    if (isFinal(status)) return
    await pause(AGAIN_MS)
  }
}

/** Sending it again would change nothing. */
function isFinal(status: number): boolean {
  return (status >= 400 && status < 500) || status === 502
}

async function send(world: World, body: string): Promise<number> {
  try {
    const answer = await request(`${world.front.url}/live-agents/sendMessageToAgent`, {
      method: 'POST',
      headers: { authorization: `Token ${API_TOKEN}`, 'content-type': 'application/json' },
      body,
      headersTimeout: PATIENCE_MS,
      bodyTimeout: PATIENCE_MS,
    })
    await answer.body.dump()
    return answer.statusCode
  } catch {
    return 0
  }
}
