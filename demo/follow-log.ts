import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { z } from 'zod'

const logLine = z.looseObject({
  msg: z.string(),
  level: z.number(),
  direction: z.enum(['to_agent', 'to_client']).optional(),
  /** The message's id within the mediator; the parts of a cut one have `#1`, `#2`… behind it. */
  entry: z.string().optional(),
  kind: z.string().optional(),
  outcome: z.string().optional(),
  attempt: z.number().optional(),
  reason: z.string().optional(),
  ms: z.number().optional(),
  /** Where it listens. */
  address: z.string().optional(),
})

/** One line of the mediator's log, read. */
export type LogLine = z.infer<typeof logLine>

/** What the mediator's log says, and the numbers by which its messages are shown. */
export type LogFollower = {
  /** Everything it has said, oldest first. */
  lines: LogLine[]
  /** What it printed that is no log line: the reason when it cannot start. */
  rest: string[]
  /** The number of a message: its own, or the next free one for a message not seen before. */
  numberOf(entry: string): number
  /** What the next message not seen before will have. */
  nextNumber(): number
  /** Calls the listener with every line that comes from now on. */
  onLine(listener: (line: LogLine) => void): void
}

export function followLog(streams: Readable[]): LogFollower {
  const lines: LogLine[] = []
  const rest: string[] = []
  const numbers = new Map<string, number>()
  const listeners: ((line: LogLine) => void)[] = []
  const read = (text: string) => {
    const line = parse(text)
    if (!line) return void rest.push(text)
    lines.push(line)
    if (line.kind === 'message' && line.entry) numberOf(numbers, wholeOf(line.entry))
    for (const listener of listeners) listener(line)
  }
  for (const input of streams) createInterface({ input }).on('line', read)
  return {
    lines,
    rest,
    numberOf: entry => numberOf(numbers, wholeOf(entry)),
    nextNumber: () => numbers.size + 1,
    onLine: listener => void listeners.push(listener),
  }
}

/** The id of the message that a part belongs to. */
function wholeOf(entry: string): string {
  return entry.split('.', 1)[0] ?? entry
}

function numberOf(numbers: Map<string, number>, entry: string): number {
  const number = numbers.get(entry) ?? numbers.size + 1
  numbers.set(entry, number)
  return number
}

function parse(text: string): LogLine | undefined {
  try {
    return logLine.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}
