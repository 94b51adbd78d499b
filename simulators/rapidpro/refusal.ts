/** An answer that is not a success, in the shapes of Django REST Framework. */
export class Refusal extends Error {
  readonly status: number
  readonly body: unknown
  readonly headers: Record<string, string>

  constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
    super(`refused with ${status}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

export const forbidden = (detail: string) => new Refusal(403, { detail })
export const badQuery = (detail: string) => new Refusal(400, { detail })
export const notFound = () => new Refusal(404, { detail: 'Not found.' })
export const unsupportedType = (type: string) =>
  new Refusal(415, { detail: `Unsupported media type "${type}" in request.` })
export const notAllowed = (method: string) => new Refusal(405, { detail: `Method "${method}" not allowed.` })
/** Validation across fields. */
export const unfit = (message: string) => new Refusal(400, { non_field_errors: [message] })

/** temba/api/support.py and DRF's `Throttled`: seconds, rounded up, in the text and in `Retry-After`. */
export function throttled(resetMs: number): Refusal {
  const seconds = Math.max(1, Math.ceil(resetMs / 1000))
  const detail = `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`
  return new Refusal(429, { detail }, { 'retry-after': String(seconds) })
}
