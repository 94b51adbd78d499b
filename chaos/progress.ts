import { DIRECTIONS, type Ledger } from './judge/ledger.ts'

/** Shows that something is going on: one line that changes, or a line every few seconds where nobody watches. */
export type Progress = {
  say(what: string): void
  count(ledger: Ledger, turn: number): void
  /** Leaves the line. */
  done(): void
}

const QUIET_EVERY_MS = 5_000

export function createProgress(scenario: string, out: NodeJS.WriteStream = process.stderr): Progress {
  const started = performance.now()
  let lastLine = Number.NEGATIVE_INFINITY
  const seconds = (): string => `${Math.round((performance.now() - started) / 1000)} s`
  const show = (what: string, isUrgent: boolean): void => {
    if (out.isTTY) return void out.write(`\r\x1b[2K${scenario}: ${what} (${seconds()})`)
    if (!isUrgent && performance.now() - lastLine < QUIET_EVERY_MS) return
    lastLine = performance.now()
    out.write(`${scenario}: ${what} (${seconds()})\n`)
  }
  return {
    say: what => show(what, true),
    count: (ledger, turn) => {
      const [toAgent, toClient] = DIRECTIONS.map(one => ledger.countAcknowledged(one))
      show(`${toAgent} to agents, ${toClient} to clients, ${turn} turns`, false)
    },
    done: () => void (out.isTTY && out.write('\r\x1b[2K')),
  }
}
