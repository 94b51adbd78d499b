import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLedger } from '../../chaos/judge/ledger.ts'
import { createPace, type PaceOptions } from '../../chaos/load/pace.ts'
import { createRandom } from '../../chaos/random.ts'

const MESSAGES = 10

describe('the pace', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function begin(more: Partial<PaceOptions> = {}) {
    const ledger = createLedger()
    const [isOver, hurries] = [() => false, () => false]
    const halted = new AbortController().signal
    const options = { messages: MESSAGES, overMs: 1_000, conversations: 1, isOver, hurries, halted, ...more }
    return { ledger, pace: createPace(options, ledger, 'to_agent', createRandom(1)) }
  }

  async function lengthOf(rest: Promise<void>): Promise<number> {
    const from = performance.now()
    let isDone = false
    void rest.then(() => (isDone = true))
    await Promise.resolve()
    while (!isDone) await vi.advanceTimersByTimeAsync(1)
    return performance.now() - from
  }

  function acknowledgeAll(ledger: ReturnType<typeof createLedger>): void {
    for (let i = 0; i < MESSAGES; i++) ledger.acknowledged(ledger.write(0, 'to_agent').number, 1, 1)
  }

  it('spreads the messages over the time', async () => {
    const length = await lengthOf(begin().pace.rest())
    expect(length).toBeGreaterThanOrEqual(50)
    expect(length).toBeLessThanOrEqual(151)
  })

  it('makes up for what was held up, with no rest at all in the end', async () => {
    const { pace } = begin()
    await vi.advanceTimersByTimeAsync(900)
    expect(await lengthOf(pace.rest())).toBeLessThanOrEqual(16)
    await vi.advanceTimersByTimeAsync(200)
    expect(await lengthOf(pace.rest())).toBe(0)
    expect(pace.goesOn()).toBe(true)
  })

  it('goes on as usual when the messages are used up and not all has gone wrong yet', async () => {
    const { pace, ledger } = begin()
    acknowledgeAll(ledger)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(pace.goesOn()).toBe(true)
    expect(await lengthOf(pace.rest())).toBeGreaterThanOrEqual(50)
  })

  it('ends when both are done', () => {
    const { pace, ledger } = begin({ isOver: () => true })
    expect(pace.goesOn()).toBe(true)
    acknowledgeAll(ledger)
    expect(pace.goesOn()).toBe(false)
  })
})
