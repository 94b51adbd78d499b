import { forbidden } from './refusal.ts'

/**
 * Checks an `Authorization` header: `Token <key>`, or Basic with an e-mail address and the key. Throws a
 * Refusal 403 (never 401) as `temba/api/support.py` does.
 */
export function authenticate(header: string | undefined, token: string): void {
  const [scheme = '', ...rest] = (header ?? '').trim().split(/\s+/)
  const key = readKey(scheme.toLowerCase(), rest)
  if (key === undefined) throw forbidden('Authentication credentials were not provided.')
  if (key !== token) throw forbidden('Invalid token')
}

function readKey(scheme: string, credentials: string[]): string | undefined {
  if (scheme === 'token') return readToken(credentials)
  if (scheme !== 'basic') return undefined
  const decoded = Buffer.from(credentials[0] ?? '', 'base64').toString()
  return decoded.slice(decoded.indexOf(':') + 1)
}

function readToken(credentials: string[]): string | undefined {
  if (credentials.length === 0) throw forbidden('Invalid token header. No credentials provided.')
  if (credentials.length > 1) throw forbidden('Invalid token header. Token string should not contain spaces.')
  return credentials[0]
}
