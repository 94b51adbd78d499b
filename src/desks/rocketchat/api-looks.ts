import type { Call } from '../../lib/call.ts'
import type { Pacer } from '../../lib/pacer.ts'
import { type Account, ask, askWhen } from './account.ts'
import { CONFIG_ROUTE, type Room } from './api.ts'
import { READING } from './errors.ts'
import { historyAnswer, standingAnswer } from './wire.ts'

export type Served = {
  /** The visitor. */
  guest?: { _id: string } | null
  room?: { _id: string; servedBy?: { _id?: string; username?: string; ts?: string | number } } | null
  agent?: { name?: string } | null
  /** By how much the server's clock is ahead of ours, in ms; up to a second and the answer's way less than it is. */
  aheadMs: number
}

/**
 * The visitor's open room and who serves it; creates nothing. `pacer`: in place of the route's own.
 * `GET livechat/config` (apps/meteor/app/livechat/server/api/v1/config.ts)
 */
export async function readStanding(
  account: Account,
  token: string,
  call: Call,
  pacer: Pacer | undefined,
): Promise<Served> {
  const { read, at } = await askWhen(
    account,
    {
      method: 'GET',
      route: CONFIG_ROUTE,
      path: `${CONFIG_ROUTE}?${new URLSearchParams({ token })}`,
      pacer,
      answer: standingAnswer,
    },
    call,
  )
  const now = account.clock.now()
  return { ...read.config, aheadMs: (at ?? now) - now }
}

/**
 * One page of what was said in a room, newest first, open or closed, the server's own messages among them. `ls` is not asked
 * by: it counts what is unread, and leaves nothing out.
 * `GET livechat/messages.history/:rid` (apps/meteor/app/livechat/server/api/v1/message.ts)
 */
export async function readHistory(
  account: Account,
  { rid, token }: Room,
  page: { offset: number; limit: number },
  call: Call,
): Promise<unknown[]> {
  const query = new URLSearchParams({ token, limit: String(page.limit), offset: String(page.offset) })
  const answer = await ask(
    account,
    {
      method: 'GET',
      route: 'livechat/messages.history/:rid',
      path: `livechat/messages.history/${encodeURIComponent(rid)}?${query}`,
      answer: historyAnswer,
      meanings: READING,
    },
    call,
  )
  return answer.messages
}
