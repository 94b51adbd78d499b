import { expect } from 'vitest'
import type { ChatLine } from '../../../src/desks/genesys/customer-leg.ts'
import type { Scene } from './support.ts'

/** One reading: what is asked and answered, and what must come of it. */
export type Row = Scene & {
  cursor?: string
  next?: string
  lines?: Partial<ChatLine>[]
  over?: boolean
  error?: string
}

export function checkReading(outcome: unknown, { lines = [], next, over = false }: Row): void {
  expect(outcome).toMatchObject({ lines, over })
  expect((outcome as { lines: unknown[] }).lines).toHaveLength(lines.length)
  expect((outcome as { next?: string }).next).toBe(next)
}

/** An agent, as Web Services shows one. */
export const luis = { nickname: 'Luis', participantId: '009B5C0000000003', type: 'Agent' }
