/** The releases the simulator can play. */
export type ProfileName = '4.4' | '6.4' | '6.14' | '7.11' | '8.8'

/** How a failed webhook is treated by a release. `isRetried` gets 0 for a network error or a timeout. */
type Delivery = {
  tries: number
  waitMs: number
  /** Gives up on a try after `Livechat_http_timeout`; up to 6.1 there was no such setting. */
  timesOut: boolean
  isDelivered: (status: number) => boolean
  isRetried: (status: number) => boolean
  /** The action that caused the webhook waits for the first try. */
  isAwaited: boolean
  /** What of a delivered answer is stored on the room as `crmData`. */
  keeps: 'data-property' | 'text'
}

/** What differs between releases and shows on the outside. */
export type Traits = {
  version: ProfileName
  /** 4.0–5.1 answer with the error object itself and check bodies with `Match` instead of a schema. */
  errorObjects: boolean
  matchesPhones: boolean
  refusesBlankToken: boolean
  repeatedMessageId: 'failure' | 'type-error' | 'stored'
  hardWiredLimits: boolean
  loginLiftsLimits: boolean
  closingIsMessage: boolean
  queuedWhenAssigned: boolean
  startCarriesDepartment: boolean
  nullContacts: boolean
  messageMeta: boolean
  emptyTextForFiles: boolean
  visitorsMayBeKeptFromClosing: boolean
  livechatUploadSwitch: boolean
  closeByUser: boolean
  roomTransfer: boolean
  contacts: 'none' | 'visitor' | 'room'
  externalIds: boolean
  wrongMethodIs405: boolean
  leadCaptureOnEveryMessage: boolean
  fileTokensExpire: boolean
  modern: boolean
  delivery: Delivery
}

const only200 = (status: number) => status === 200
const notDelivered = (status: number) => !only200(status)

const deliveries: Record<ProfileName, Delivery> = {
  '4.4': {
    tries: 10,
    waitMs: 10_000,
    timesOut: false,
    isDelivered: status => status > 0 && status < 400,
    isRetried: status => status === 0 || status >= 400,
    isAwaited: true,
    keeps: 'data-property',
  },
  '6.4': {
    tries: 10,
    waitMs: 20_000,
    timesOut: true,
    isDelivered: status => status > 0,
    isRetried: status => status === 0,
    isAwaited: true,
    keeps: 'text',
  },
  '6.14': {
    tries: 10,
    waitMs: 20_000,
    timesOut: true,
    isDelivered: only200,
    isRetried: notDelivered,
    isAwaited: true,
    keeps: 'text',
  },
  '7.11': {
    tries: 5,
    waitMs: 20_000,
    timesOut: true,
    isDelivered: only200,
    isRetried: status => status === 0 || status === 429 || status >= 500,
    isAwaited: false,
    keeps: 'text',
  },
  '8.8': {
    tries: 5,
    waitMs: 20_000,
    timesOut: true,
    isDelivered: only200,
    isRetried: status => status === 0 || status === 429 || status >= 500,
    isAwaited: false,
    keeps: 'text',
  },
}

const repeats: Record<ProfileName, Traits['repeatedMessageId']> = {
  '4.4': 'failure',
  '6.4': 'type-error',
  '6.14': 'type-error',
  '7.11': 'type-error',
  '8.8': 'stored',
}

/** The traits of a release, from the changes each version brought. */
export function traitsOf(version: ProfileName): Traits {
  const since = (release: string) => compare(version, release) >= 0
  return {
    version,
    errorObjects: !since('5.2'),
    matchesPhones: since('4.5'),
    refusesBlankToken: since('6.6'),
    repeatedMessageId: repeats[version],
    hardWiredLimits: since('6.12'),
    loginLiftsLimits: since('8.0'),
    closingIsMessage: !since('6.12'),
    queuedWhenAssigned: !since('6.11'),
    startCarriesDepartment: since('6.7'),
    nullContacts: !since('6.3'),
    messageMeta: since('6.2'),
    emptyTextForFiles: !since('5.3'),
    visitorsMayBeKeptFromClosing: since('6.13'),
    livechatUploadSwitch: since('6.8'),
    closeByUser: since('6.0'),
    roomTransfer: !since('8.0'),
    contacts: since('7.0') ? 'room' : since('6.14') ? 'visitor' : 'none',
    externalIds: since('8.4'),
    wrongMethodIs405: !since('8.0'),
    leadCaptureOnEveryMessage: since('6.2') && !since('8.0'),
    fileTokensExpire: since('7.0'),
    modern: since('8.0'),
    delivery: deliveries[version],
  }
}

function compare(one: string, other: string): number {
  const [major = 0, minor = 0] = one.split('.').map(Number)
  const [otherMajor = 0, otherMinor = 0] = other.split('.').map(Number)
  return major - otherMajor || minor - otherMinor
}
