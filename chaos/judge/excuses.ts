/** A time in which something was away or stood still, epoch ms; without `to` it lasts. */
export type Period = { from: number; to?: number }

/** One call to RapidPro that carries a message, as a wire tap saw it. */
export type TappedCall = {
  replica: number
  number: number
  from: number
  /** When the whole answer had gone out to the replica; undefined when it never had. */
  answeredAt?: number
  status?: number
  /** The answer could be read. */
  legible?: boolean
}

/** What was disturbed when. */
export type Troubles = {
  replica(index: number): Period[]
  store(): Period[]
}

/** So long may the settling of a delivery take after its answer, in ms; whoever dies within it may not have recorded it. */
const SETTLING_MS = 1_000

/**
 * Of `copies` beside the first, those for which nobody could have known better: an earlier call of the same message was
 * carried out, but its answer did not reach a living mediator, or could not be recorded.
 */
export function countExcused(calls: TappedCall[], copies: number, troubles: Troubles): number {
  const known = calls.filter(call => isDone(call) && !isUnheard(call, troubles))
  const [firstKnown] = known.toSorted((one, other) => endOf(one) - endOf(other))
  const isAfterwards = (call: TappedCall): boolean =>
    firstKnown !== undefined && call !== firstKnown && call.from >= endOf(firstKnown)
  const afterwards = calls.filter(isAfterwards).length
  const unheard = calls.filter(call => isUnheard(call, troubles)).length
  const unexcused = Math.max(copies - unheard, Math.min(copies, afterwards))
  return copies - unexcused
}

function endOf({ answeredAt = Number.POSITIVE_INFINITY }: TappedCall): number {
  return answeredAt
}

function isDone({ status = 0, legible }: TappedCall): boolean {
  return status >= 200 && status < 300 && legible === true
}

/** Whether RapidPro may have done it without a mediator that could write that down. */
function isUnheard(call: TappedCall, troubles: Troubles): boolean {
  const { answeredAt, status = 0, legible } = call
  if (answeredAt === undefined) return true
  if (status >= 200 && status < 300 && !legible) return true
  const meets = (one: Period): boolean => meet(one, call.from, answeredAt + SETTLING_MS)
  return troubles.replica(call.replica).some(meets) || troubles.store().some(meets)
}

function meet({ from, to = Number.POSITIVE_INFINITY }: Period, start: number, end: number): boolean {
  return from <= end && to >= start
}
