import { setTimeout as wait } from 'node:timers/promises'
import type { FaultSet } from './fault-set.ts'

/** Every webhook a simulator sends goes through here, so that it can be doubled, swapped, lost or delayed. */
export type WebhookGate = {
  /**
   * Sends by calling `deliver`, as often and as late as the planted faults say. `name` is what a fault's
   * `route` is matched against. Resolves when this one has been sent, dropped or put aside.
   */
  pass(name: string, deliver: () => Promise<void>): Promise<void>
  /** Sends what a `reorder` fault has put aside and no later webhook has pushed out yet. */
  flush(): Promise<void>
}

export function createWebhookGate(faults: FaultSet): WebhookGate {
  let aside: (() => Promise<void>)[] = []
  const flush = async () => {
    const held = aside
    aside = []
    for (const deliver of held) await deliver()
  }
  const pass = async (name: string, deliver: () => Promise<void>) => {
    const struck = faults.strike('webhook', '', name)
    if (struck.some(fault => fault.kind === 'drop')) return
    for (const fault of struck) if (fault.kind === 'delay') await wait(fault.ms, undefined, { ref: false })
    const send = struck.some(fault => fault.kind === 'duplicate') ? twice(deliver) : deliver
    if (struck.some(fault => fault.kind === 'reorder')) return void aside.push(send)
    await send()
    await flush()
  }
  return { pass, flush }
}

function twice(deliver: () => Promise<void>): () => Promise<void> {
  return async () => {
    await deliver()
    await deliver()
  }
}
