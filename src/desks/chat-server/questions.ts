import { z } from 'zod'
import { seat } from './seat.ts'

/** The link's name. */
export const CONNECTOR = 'connector'

/** What the replicas ask of the one that holds the connection. */
export const question = z.discriminatedUnion('do', [
  /** Whether there is a connection at all. */
  z.object({ do: z.literal('ready') }),
  /** To join a conversation that has just been opened. Answered with `joinAnswer`. */
  z.object({ do: z.literal('join'), seat }),
  z.object({ do: z.literal('send'), seat, message: z.looseObject({ id: z.string() }) }),
  /** `joined`: we were in it, and should be when we end it. */
  z.object({ do: z.literal('end'), seat, joined: z.boolean() }),
])

export type Question = z.infer<typeof question>

export const joinAnswer = z
  .object({
    /** Somebody serves it already; '' when nameless. */
    agent: z.string().optional(),
  })
  .catch({})

/** How long a question waits for a connection, or for a joining that is under way, in ms. */
export const PATIENCE_MS = 3_000
