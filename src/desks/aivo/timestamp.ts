import type { Posted } from '../desk.ts'

/** ES2025 gives a reviver the source of what it is to revive; Node 22 does, the types do not say so yet. */
type Context = { source?: string }

/**
 * The digits of the body's own `timestamp`, as they were sent: a number of JSON would round the last of its 19. Not those of a
 * `timestamp` further in, or in somebody's words. Rounded where the text cannot tell; undefined where there are too few for
 * telling one event from the next.
 */
export function timestampDigits({ body, text }: Posted): string | undefined {
  const { timestamp } = body as { timestamp?: unknown }
  // Anything else would be asked for its own words.
  if (typeof timestamp !== 'number' && typeof timestamp !== 'string') return undefined
  const digits = sourceOf(text) ?? String(timestamp)
  return /^\d{13,}$/.test(digits) ? digits : undefined
}

function sourceOf(text: string): string | undefined {
  const sources = new Map<unknown, string | undefined>()
  try {
    const root = JSON.parse(text, function (this: unknown, key, value: unknown, context?: Context) {
      if (key === 'timestamp') sources.set(this, context?.source?.replaceAll('"', ''))
      return value
    })
    return sources.get(root)
  } catch {
    return undefined
  }
}

/** When it happened, epoch ms, of digits that are ms, µs or ns since the epoch, else of `eventTime` in seconds. */
export function epochMs(digits: string | undefined, eventTime: number | undefined): number | undefined {
  if (digits && /^\d{13}(?:\d{3}){0,2}$/.test(digits)) return Number(digits.slice(0, 13))
  return eventTime !== undefined && eventTime > 0 ? Math.floor(eventTime * 1000) : undefined
}
