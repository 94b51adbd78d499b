import { z } from 'zod'
import { asMediatorError, type ErrorCode, MediatorError } from '../domain/errors.ts'

/** What replicas say to each other about a link: a question, that it was taken up, and what became of it. */

const question = z.object({
  id: z.string(),
  /** The asking replica. */
  from: z.string(),
  question: z.unknown().optional(),
  attempt: z.number(),
  /** Epoch ms; after it the question must not be taken up: its asker has given up and may ask another. */
  until: z.number(),
  /** For the whole answer, in ms. */
  timeoutMs: z.number(),
})

const reply = z.discriminatedUnion('kind', [
  z.object({ id: z.string(), kind: z.literal('taken') }),
  z.object({ id: z.string(), kind: z.literal('done'), answer: z.unknown().optional() }),
  z.object({
    id: z.string(),
    kind: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    retryAt: z.number().optional(),
  }),
])

export type Question = z.infer<typeof question>
export type LineReply = z.infer<typeof reply>

/** Undefined for what another version of this program may say. */
export const readQuestion = (text: string) => question.safeParse(JSON.parse(text)).data
export const readReply = (text: string) => reply.safeParse(JSON.parse(text)).data

export function toFailure(id: string, thrown: unknown): LineReply {
  const { code, message, retryAt } = asMediatorError(thrown)
  return { id, kind: 'failed', code, message, ...(retryAt !== undefined && { retryAt }) }
}

export function fromFailure({
  code,
  message,
  retryAt,
}: Extract<LineReply, { kind: 'failed' }>): MediatorError {
  return new MediatorError(code as ErrorCode, message, retryAt === undefined ? {} : { retryAt })
}
