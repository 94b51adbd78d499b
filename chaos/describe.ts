import type { TappedCall } from './judge/excuses.ts'
import type { Screen } from './judge/judge.ts'
import { numberIn, type Written } from './judge/ledger.ts'

type Traces = { screens: Screen[]; calls: TappedCall[]; since: number }

/** All that is known outside of one message, with times in s since the load began. */
export function describeMessage(message: Written, { screens, calls, since }: Traces): string {
  const { number, conversation, direction, calledAt, acknowledgedAt } = message
  const at = (time: number | undefined): string =>
    time === undefined ? 'never' : `+${((time - since) / 1000).toFixed(2)}`
  const seen = screens.flatMap(screen => screen.shown.filter(({ text }) => numberIn(text) === number))
  const tapped = calls
    .filter(call => call.number === number)
    .map(({ replica, from, answeredAt, status }) => `${replica} ${at(from)}-${at(answeredAt)} (${status})`)
  return [
    `#${number} ${direction} of ${conversation}`,
    `called ${at(calledAt)}`,
    `acknowledged ${at(acknowledgedAt)}`,
    `shown ${seen.map(one => at(one.at)).join(', ') || 'never'}`,
    ...(tapped.length ? [`RapidPro called by ${tapped.join(', ')}`] : []),
  ].join('; ')
}
