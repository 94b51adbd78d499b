import { z } from 'zod'

const times = z.int().positive().default(1)
const operation = z.string().optional()
const body = z.union([
  z.looseObject({ statusCode: z.int(), statusMessage: z.string().optional() }),
  z.looseObject({ status: z.literal('error'), errorDescription: z.string().default('Planted') }),
])

/** `leg` is where, default everywhere; `operation` an operationName, or at GMS the last part of the path (`create`). */
export const failureSchema = z.strictObject({
  leg: z.enum(['seat', 'customer', 'gms']).optional(),
  operation,
  answer: z.union([body, z.enum(['http403csrf', 'html502'])]),
  /** Status of an answer with a body; by default what settings give to its code. */
  http: z.int().optional(),
  times,
})

export const lateFailureSchema = z.strictObject({
  operation,
  statusCode: z.int().default(4),
  statusMessage: z.string().default('Planted'),
  times,
})

/** The next calls that are refused, in their handler's place. */
export type Failure = z.infer<typeof failureSchema>
/** The next seat operations that are acknowledged and not done; the failure follows as a notification. */
export type LateFailure = z.infer<typeof lateFailureSchema>
export type Leg = 'seat' | 'customer' | 'gms'

export type Planted = {
  failNext(failure: z.input<typeof failureSchema>): void
  failLater(failure: z.input<typeof lateFailureSchema>): void
  /** Takes the failure planted for this call, if any. */
  take(leg: Leg, operation: string): Failure | undefined
  takeLate(operation: string): LateFailure | undefined
}

export function createPlanted(): Planted {
  const now: Failure[] = []
  const late: LateFailure[] = []
  return {
    failNext: failure => void now.push(failureSchema.parse(failure)),
    failLater: failure => void late.push(lateFailureSchema.parse(failure)),
    take: (leg, operation) => spend(now, one => (one.leg ?? leg) === leg && fits(one, operation)),
    takeLate: operation => spend(late, one => fits(one, operation)),
  }
}

function fits(planted: { operation?: string | undefined }, operation: string): boolean {
  return (planted.operation ?? operation) === operation
}

function spend<One extends { times: number }>(planted: One[], fits: (one: One) => boolean): One | undefined {
  const at = planted.findIndex(fits)
  const found = planted[at]
  if (found && --found.times === 0) planted.splice(at, 1)
  return found
}
