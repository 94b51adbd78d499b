import type { LogFollower, LogLine } from './follow-log.ts'
import type { Screen } from './screen.ts'

type Told = { label: string; text: string; style?: 'dim' | 'yellow' | 'red' }

/** Prints what the mediator's log tells of messages, as it tells it. */
export function showLog(log: LogFollower, screen: Screen): void {
  log.onLine(line => {
    const told = tell(line, log)
    if (told) screen.note(told.label, told.text, told.style)
  })
}

function tell(line: LogLine, log: LogFollower): Told | undefined {
  const text = TELLERS[line.msg]?.(line)
  if (text) return { label: labelOf(line, log), ...text }
  return line.level >= 40 && line.direction ? { label: '', text: line.msg, style: 'yellow' } : undefined
}

type Teller = (line: LogLine) => Omit<Told, 'label'> | undefined

const TELLERS: Record<string, Teller> = {
  accepted: ({ outcome, entry }) => {
    if (entry === undefined) return undefined
    return { text: outcome === 'accepted' ? 'accepted' : `accepted before (${outcome}), nothing is done` }
  },
  delivered: ({ direction, kind, ms = 0 }) => {
    if (kind === 'open') return { text: `opened at the desk, ${ms} ms` }
    if (kind === 'close') return { text: `done at the desk, ${ms} ms` }
    if (kind === 'end') return { text: `client handed back to the bot, ${ms} ms` }
    return { text: `delivered to the ${direction === 'to_agent' ? 'desk' : 'phone'}, ${duration(ms)}` }
  },
  'not delivered': ({ attempt, reason, outcome }) =>
    outcome === 'retry'
      ? { text: `try ${attempt} failed: ${reason}`, style: 'yellow' }
      : { text: `given up: ${reason}`, style: 'red' },
}

/** What the line is about: a message by its number, anything else by its name. */
function labelOf({ kind, entry = '' }: LogLine, log: LogFollower): string {
  if (kind === 'message') return `#${log.numberOf(entry)}${partOf(entry)}`
  return NAMES[kind ?? ''] ?? ''
}

const NAMES: Record<string, string> = {
  open: 'conversation',
  close: 'closing',
  end: 'ending',
  notice: 'notice',
}

function partOf(entry: string): string {
  const part = entry.split('.')[1]
  return part === undefined ? '' : ` part ${part}`
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s after it was accepted`
}
