/** What Genesys calls its codes, and the HTTP status each would mean. */
const codes: Record<number, { text: string; http: number }> = {
  1: { text: 'A mandatory parameter is missing', http: 400 },
  2: { text: 'The parameter is not valid in this state', http: 409 },
  3: { text: 'Forbidden', http: 403 },
  4: { text: 'Internal error', http: 500 },
  5: { text: 'No permission', http: 403 },
  6: { text: 'Not found', http: 404 },
  7: { text: 'Partly done', http: 200 },
  20: { text: 'Not authenticated', http: 401 },
}

/** A refusal in Genesys' words. Always has a code, which dialect B does not show. */
export class Refusal extends Error {
  readonly code: number
  /** Overrides the status that settings give to the code. */
  readonly http: number | undefined

  constructor(code: number, about = '', http?: number) {
    super(`${codes[code]?.text ?? 'Error'}${about && `: ${about}`}`)
    this.code = code
    this.http = http
  }
}

export function httpStatusOf(code: number): number {
  return codes[code]?.http ?? 500
}
