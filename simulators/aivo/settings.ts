/** How this Aivo answers and what it tells; may be changed while it runs. */
export type Settings = {
  /** Where events are posted to, with its `?token=`; empty: nowhere. Out of band at Aivo, too. */
  webhookUrl: string
  botId: number
  botToken: string
  /** Ids of the groups there are. */
  groups: number[]
  /** `strict` wants protocolId 28, as the page's rules say; `lax` takes the 1 of its sample as well. */
  protocol: 'strict' | 'lax'
  /** Whether a hash is told with `_` and the bot's token behind it. */
  suffixedHash: boolean
  /** Refuses what a client writes before an agent attends. */
  attendedFirst: boolean
  /** Queues, and answers 200 without a conversationId. */
  withoutId: boolean
  /** What a call on a closed conversation is answered. */
  closedStatus: 400 | 404 | 409 | 410
  /** Posting to `{conversation}/{closePath}` closes; empty: there is no such call, as far as the page goes. */
  closePath: string
  /** What the two events are called that no page names. */
  messageEvent: string
  closingEvent: string
}

export const defaultSettings: Settings = {
  webhookUrl: '',
  botId: 1000,
  botToken: 'simulated-bot-token',
  groups: [2179, 2180],
  protocol: 'strict',
  suffixedHash: false,
  attendedFirst: false,
  withoutId: false,
  closedStatus: 409,
  closePath: '',
  messageEvent: 'message',
  closingEvent: 'closed',
}
