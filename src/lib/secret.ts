import { hash, timingSafeEqual } from 'node:crypto'

/** Whether something given from outside is the secret; the time it takes says nothing about either. */
export type SecretCheck = (given: unknown) => boolean

export function createSecretCheck(secret: string): SecretCheck {
  const known = digest(secret)
  return given => typeof given === 'string' && timingSafeEqual(digest(given), known)
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
