import type { Scope } from './profile.ts'
import { throttled } from './refusal.ts'
import type { Workspace } from './workspace.ts'

const hourMs = 3_600_000

/** Counts a call against its scope. Throws a Refusal 429 when the sliding hour is full. */
export type Throttle = (scope: Scope) => void

export function createThrottle(workspace: Workspace): Throttle {
  const calls = new Map<Scope, number[]>()
  return wanted => {
    if (!workspace.settings.rateLimits) return
    const [scope, limit] = limitOf(workspace, wanted)
    const now = workspace.now()
    const recent = (calls.get(scope) ?? []).filter(at => at > now - hourMs)
    calls.set(scope, recent)
    if (recent.length >= limit) throw throttled((recent[0] ?? now) + hourMs - now)
    recent.push(now)
  }
}

function limitOf({ profile, settings }: Workspace, wanted: Scope): [Scope, number] {
  const own = settings.hourlyLimits[wanted] ?? profile.hourlyLimits[wanted]
  if (own !== undefined) return [wanted, own]
  return ['general', settings.hourlyLimits.general ?? profile.hourlyLimits.general]
}
