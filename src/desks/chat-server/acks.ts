import { z } from 'zod'

// Nothing is documented about what the server acknowledges with; the vendor's own code only offers to hear it [O, I].

const verdict = z.looseObject({
  error: z.unknown().optional(),
  errors: z.unknown().optional(),
  err: z.unknown().optional(),
  success: z.unknown().optional(),
  ok: z.unknown().optional(),
  status: z.unknown().optional(),
  statusCode: z.unknown().optional(),
  code: z.unknown().optional(),
})

const BAD_WORD =
  /\b(?:errors?|err|fail|failed|failure|refused|rejected|denied|invalid|unknown|not[ _-]?found|closed|ended)\b/i

/** Whether an acknowledgement says no. */
export function isRefusal(answer: unknown[]): boolean {
  return answer.some(saysNo)
}

function saysNo(said: unknown): boolean {
  if (said === false || isBad(said)) return true
  const { data } = verdict.safeParse(said)
  if (!data) return false
  const { error, errors, err, success, ok, status, statusCode, code } = data
  return (
    Boolean(error || errors || err) ||
    success === false ||
    ok === false ||
    [status, statusCode, code].some(isBad)
  )
}

function isBad(word: unknown): boolean {
  return typeof word === 'number' ? word >= 400 : typeof word === 'string' && BAD_WORD.test(word)
}
