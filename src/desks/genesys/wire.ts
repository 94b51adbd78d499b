import { z } from 'zod'
import type { ChatLine } from './customer-leg.ts'

// What both customer interfaces have in common.

export const word = z.string().optional().catch(undefined)

export const list = z.array(z.unknown()).catch([])

/** Ids are words; a number would do as well. */
export const id = z.union([z.string().min(1), z.number()]).transform(String)

/** A whole number, also as a word. */
export const count = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]).pipe(z.int().min(0))

export const participant = z.object({ nickname: word, type: word })

/** Types of participants: `Customer` at Web Services, `Client` at Mobile Services. */
const AUTHORS: ReadonlyMap<string | undefined, ChatLine['by']> = new Map([
  ['Customer', 'client'],
  ['Client', 'client'],
  ['Agent', 'agent'],
  ['Supervisor', 'supervisor'],
  ['External', 'system'],
] as const)

export function authorOf(from: z.infer<typeof participant> | undefined): ChatLine['by'] {
  return AUTHORS.get(from?.type) ?? 'unknown'
}
