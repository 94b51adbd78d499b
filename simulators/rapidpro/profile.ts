/** The versions of RapidPro that can be played: 7.4 (2022), 9 (newest community release), 26 (TextIt's line). */
export type ProfileName = '7.4' | '9' | '26'
/** What calls are counted together for the rate limit. */
export type Scope = 'messages' | 'broadcasts' | 'contacts' | 'general'

export type Profile = {
  name: ProfileName
  /** In code points (`Msg.MAX_TEXT_LEN`, temba/msgs/models.py). */
  textLimit: number
  /** Whether `POST messages.json` and media objects exist. */
  sendsMessages: boolean
  mediaTypes: RegExp
  /** Calls per hour and workspace (`DEFAULT_THROTTLE_RATES`, temba/settings_common.py). */
  hourlyLimits: Record<Exclude<Scope, 'broadcasts'>, number> & { broadcasts?: number }
  userAgent: string
  /** How often mailroom tries a webhook again (core/goflow/engine.go; none since mailroom 10.3). */
  webhookRetries: number
  /** In bytes; a larger answer counts as no answer. */
  webhookAnswerLimit: number
  /** What a flow sees as `@webhook`: the parsed body, or `{status, headers, json}` (goflow 0.236 and later). */
  webhookShape: 'json' | 'response'
}

const community = {
  textLimit: 640,
  hourlyLimits: { messages: 2500, broadcasts: 36_000, contacts: 2500, general: 2500 },
  webhookRetries: 2,
  webhookAnswerLimit: 1024 * 1024,
  webhookShape: 'json',
} as const

export const profiles: Record<ProfileName, Profile> = {
  '7.4': {
    ...community,
    name: '7.4',
    sendsMessages: false,
    mediaTypes: /^$/,
    userAgent: 'RapidProMailroom/7.4.0',
  },
  '9': {
    ...community,
    name: '9',
    sendsMessages: true,
    mediaTypes: /^(image\/.+|audio\/.+|video\/.+|application\/pdf)$/,
    userAgent: 'RapidProMailroom/9.0.0',
  },
  '26': {
    name: '26',
    textLimit: 4096,
    sendsMessages: true,
    mediaTypes: /^(image\/(apng|avif|gif|jpeg|png|webp)|audio\/.+|video\/.+|application\/pdf)$/,
    hourlyLimits: { messages: 3600, contacts: 3600, general: 3600 },
    userAgent: 'Mailroom/26.1',
    webhookRetries: 0,
    webhookAnswerLimit: 256 * 1024,
    webhookShape: 'response',
  },
}
