import type { Desk } from '../desks/desk.ts'
import { createRunner, type LinkState, type RunnerKit } from './runner.ts'

/** Runs the links of all desks, each on one replica at a time. */
export type Supervisor = {
  start(): void
  /** Leaves every link, so that another replica has it at once. Resolves within seconds. */
  stop(): Promise<void>
  /** Each link's state as this replica knows it, by name. */
  states(): Record<string, LinkState>
}

export function createSupervisor(kit: RunnerKit, desks: Desk[]): Supervisor {
  const runners = desks.flatMap(({ name, inbound }) =>
    inbound.kind === 'link' ? inbound.links.map(link => createRunner(kit, name, link)) : [],
  )
  const stopping = new AbortController()
  let running: Promise<unknown> = Promise.resolve()
  return {
    start() {
      running = Promise.all(runners.map(runner => runner.run(stopping.signal)))
    },
    async stop() {
      stopping.abort()
      await running
      await kit.switchboard.close().catch(() => undefined)
    },
    states: () => Object.fromEntries(runners.map(({ name, state }) => [name, state()])),
  }
}
