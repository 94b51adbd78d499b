import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'vitest'
import { MediatorError } from '../../src/domain/errors.ts'
import type { Acceptance, Settlement, Store } from '../../src/store/store.ts'
import { until } from '../support/until.ts'
import { DAY, drain, open, removed, settle, T0, toAgent } from './fixtures.ts'

/** Clients who talk and are listened to, one message after the other, all at once. */
export type Traffic = {
  /** How often the store was not available so far. What was refused is tried again until it is not. */
  refused(): number
  /** Resolves when everybody got some more messages through. */
  goesOn(): Promise<void>
  /** Ends it. All that was accepted is delivered or waits, once, in order. */
  check(): Promise<void>
}

/** Enough for every node of a small cluster. */
export const CLIENTS = Array.from({ length: 12 }, (_, i) => `client${i}`)
const SOME = 20
const PAUSE_MS = 10

export async function startTraffic(store: Store): Promise<Traffic> {
  const sessions = await Promise.all(CLIENTS.map(userid => open(store, userid, `room of ${userid}`)))
  const lines = CLIENTS.map(userid => createLine(store, userid))
  const talking = lines.map(line => line.talk())
  return {
    refused: () => lines.reduce((sum, { refused }) => sum + refused, 0),
    async goesOn() {
      const goals = lines.map(({ accepted }) => accepted.length + SOME)
      await until('everybody goes on', () =>
        lines.every((line, i) => line.accepted.length >= Number(goals[i])),
      )
    },
    async check() {
      for (const line of lines) line.isOver = true
      await Promise.all(talking)
      for (const [i, { accepted, delivered }] of lines.entries()) {
        const rest = await drain(store, sessions[i]?.id ?? '', 'to_agent', T0 + DAY)
        expect([...delivered, ...rest]).toEqual(accepted)
      }
    },
  }
}

type Line = {
  accepted: string[]
  delivered: string[]
  refused: number
  isOver: boolean
  talk(): Promise<void>
}

function createLine(store: Store, userid: string): Line {
  const line: Line = { accepted: [], delivered: [], refused: 0, isOver: false, talk }
  return line

  async function talk(): Promise<void> {
    for (let n = 0; !line.isOver; n += 1) {
      const id = `${userid}.${n}`
      const answer = await insist(() => store.accept(toAgent(userid, id), T0))
      line.accepted.push(id)
      await deliver(answer)
    }
  }

  async function deliver(answer: Acceptance | Settlement): Promise<void> {
    const work = 'work' in answer ? answer.work : 'next' in answer ? answer.next : undefined
    if (!work) return
    line.delivered.push(work.head.id)
    await deliver(await insist(() => settle(store, work, removed)))
  }

  async function insist<T>(step: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await step()
      } catch (error) {
        if (!(error instanceof MediatorError) || error.code !== 'STORE_UNAVAILABLE') throw error
        line.refused += 1
        await wait(PAUSE_MS)
      }
    }
  }
}
