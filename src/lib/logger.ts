import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino'

/** Shorter ones would blot out half of every line; and they are no secrets. */
const SHORTEST_SECRET = 6

/** One line of JSON for each event. No line is meant to hold a secret; should one all the same, it is blotted out. */
export function createLogger(level: string, secrets: string[]): Logger {
  const known = secrets
    .filter(secret => secret.length >= SHORTEST_SECRET)
    .map(secret => JSON.stringify(secret).slice(1, -1))
  const options: LoggerOptions = { level, base: null, hooks: { streamWrite: line => blotOut(line, known) } }
  return pino(options, openOutput())
}

/** What cannot be written is kept up to so many characters, and comes when it can. */
const MOST_UNWRITTEN = 4 * 1024 * 1024

/**
 * A log that cannot be written, because its disk is full or its reader has gone, must neither end the service nor hold up its end,
 * at which SonicBoom would try for ever to write the rest.
 */
function openOutput(): DestinationStream {
  const output = pino.destination({ maxLength: MOST_UNWRITTEN })
  const { flushSync } = output
  output.on('error', () => {
    output.flushSync = () => undefined
  })
  output.on('write', () => {
    output.flushSync = flushSync
  })
  return output
}

function blotOut(line: string, secrets: string[]): string {
  let clean = line
  for (const secret of secrets) if (clean.includes(secret)) clean = clean.replaceAll(secret, '***')
  return clean
}
